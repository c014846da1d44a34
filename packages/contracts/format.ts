import { z } from 'zod'

/**
 * What an argument is: a command line, the words of one command, SQL, source code (its language is told by the path beside
 * it), a path below the workspace, a URL, or text for people.
 */
export const Format = z.enum(['shell', 'argv', 'sql', 'code', 'path', 'url', 'text'])
export type Format = z.infer<typeof Format>

// By JSON pointer (RFC 6901), in which a segment `*` stands for each element of an array or object.
export const Formats = z.record(
  z
    .string()
    .max(200)
    .regex(/^(\/[^/]+)+$/, 'must be a JSON pointer'),
  Format,
)
export type Formats = z.infer<typeof Formats>
