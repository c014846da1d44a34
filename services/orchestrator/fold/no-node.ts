/** Stands for the node of an outcome that no node reported. */
export const NO_NODE = 'none'
