import { describe, expect, it } from 'vitest'
import { createTargets } from './target.ts'

/** DNS as somebody set it who wants to get inside. */
const NAMES: Record<string, string[]> = {
  'public.test': ['8.8.8.8', '2606:4700::1111'],
  'inside.test': ['10.0.0.5'],
  'mixed.test': ['8.8.8.8', '127.0.0.1'],
  'metadata.test': ['169.254.169.254'],
  'mapped.test': ['::ffff:127.0.0.1'],
}
const resolve = async (host: string): Promise<string[]> => NAMES[host] ?? []
const targets = createTargets(['inside.test', 'metadata.test:8443', '127.0.0.1:9000'], {
  open: resolve,
  known: resolve,
})
const strict = createTargets([], { open: resolve, known: resolve })

describe('an address', () => {
  it.each([
    'http://public.test/hook',
    'https://user:password@public.test/',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[fd00:ec2::254]/',
    'https://169.254.169.254/latest/meta-data',
    'https://192.168.1.1:8443/',
    'https://0.0.0.0/',
  ])('is refused: %s', (url) => {
    expect(() => strict.assertUrl(url)).toThrow(expect.objectContaining({ code: 'webhook_url_refused' }))
  })

  it.each(['https://public.test/hook', 'https://8.8.8.8:8443/', 'http://127.0.0.1:9000/', 'http://inside.test:81/'])(
    'is taken: %s',
    (url) => targets.assertUrl(url),
  )

  it('of this machine is taken on the port that is named only', () => {
    expect(() => targets.assertUrl('http://127.0.0.1:9001/')).toThrow(/http/)
    expect(() => targets.assertUrl('https://127.0.0.1/')).toThrow(/no public address/)
  })
})

describe('a name', () => {
  it('leads to its public addresses', async () => {
    expect(await strict.addressesOf(new URL('https://public.test/'))).toEqual(['8.8.8.8', '2606:4700::1111'])
  })

  it.each(['inside.test', 'mixed.test', 'metadata.test', 'mapped.test', '127.0.0.1', '[::1]'])(
    'leads nowhere when one of its addresses is inside: %s',
    async (host) => {
      await expect(strict.addressesOf(new URL(`https://${host}/`))).rejects.toThrow(/no public address|credentials/)
    },
  )

  it('leads inside where the owner allowed it, but never to the credentials of a cloud', async () => {
    expect(await targets.addressesOf(new URL('https://inside.test/'))).toEqual(['10.0.0.5'])
    await expect(targets.addressesOf(new URL('https://metadata.test:8443/'))).rejects.toThrow(/credentials/)
  })
})
