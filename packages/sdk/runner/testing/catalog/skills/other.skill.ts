export default { kind: 'agent', note: 'not a skill' }
