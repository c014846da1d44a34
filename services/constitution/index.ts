export { type Constitution, createConstitution } from '@azora/law'
