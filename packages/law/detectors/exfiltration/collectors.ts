/** Services that hand whatever reaches them to whoever made the address; by domain, with all subdomains. */
const COLLECTORS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'a paste service':
      'pastebin.com paste.ee hastebin.com dpaste.com dpaste.org ix.io paste.rs sprunge.us clbin.com termbin.com rentry.co rentry.org ghostbin.com controlc.com privatebin.net privatebin.info bpa.st paste.debian.net paste.ubuntu.com paste.centos.org paste.opendev.org pastes.io pastie.io justpaste.it gist.github.com gist.githubusercontent.com snippet.host paste.mozilla.org centos.pastebin.org p.ip.fi katb.in nekobin.com spaceb.in paste.gg codepad.org ideone.com write.as telegra.ph cl1p.net pad.riseup.net',
    'a file drop':
      '0x0.st transfer.sh file.io temp.sh bashupload.com bashupload.app oshi.at keep.sh gofile.io anonfiles.com catbox.moe ufile.io uguu.se wetransfer.com we.tl filebin.net send.vis.ee send.firefox.com sendspace.com mediafire.com mega.nz mega.io tmpfiles.org x0.at envs.sh ttm.sh pixeldrain.com upload.ee tmp.ninja curl.by c-net.org ffsend.io wormhole.app toffeeshare.com zippyshare.com qu.ax pomf.lain.la fileditch.com cockfile.com dropmefiles.com',
    'a webhook catcher':
      'webhook.site requestbin.com requestbin.net requestbin.io requestbin.cn requestbin.whapi.cloud requestcatcher.com hookbin.com beeceptor.com pipedream.net mockbin.org mockbin.io postb.in ptsv2.com ptsv3.com putsreq.com typedwebhook.tools webhook.cool webhook-test.com webhookrelay.com hookdeck.com smee.io runscope.net rbnd.gl0.eu reqbin.com httpdump.app requestinspector.com requestbasket.com rbaskets.in mocky.io mockapi.io ntfy.sh canarytokens.com canarytokens.org canarytokens.net iplogger.org iplogger.com grabify.link',
    'an out-of-band catcher':
      'burpcollaborator.net oastify.com interact.sh oast.fun oast.pro oast.live oast.site oast.online oast.me dnslog.cn dnslog.link ceye.io dnsbin.zhack.ca bxss.me xss.ht xss.report eyes.sh dnshook.site requestrepo.com interactsh.com r87.me',
    'a tunnel':
      'ngrok.io ngrok.com ngrok.app ngrok.dev ngrok-free.app ngrok-free.dev trycloudflare.com cfargotunnel.com loca.lt localtunnel.me serveo.net serveousercontent.com localhost.run lhr.life lhr.rocks lhrtunnel.link pagekite.me pagekite.net bore.pub localxpose.io loclx.io tunnelmole.net zrok.io playit.gg portmap.io portmap.host pinggy.io pinggy.link pinggy.online tunnelto.dev telebit.io telebit.cloud packetriot.net expose.sh sharedwithexpose.com devtunnels.ms tunnel.pyjam.as tunn.dev holepunch.io sish.top ssi.sh jprq.io jprq.live onion.ly onion.ws tor2web.org',
  }).flatMap(([kind, domains]) => domains.split(' ').map((domain) => [domain, kind])),
)

/** Chat services: grave where nobody granted them, ordinary where the owner did. */
const CHATS: ReadonlyArray<{ host: string; path: RegExp }> = [
  { host: 'discord.com', path: /^\/api\/(?:v\d+\/)?webhooks\// },
  { host: 'discordapp.com', path: /^\/api\/(?:v\d+\/)?webhooks\// },
  { host: 'api.telegram.org', path: /^\/bot/ },
  { host: 'hooks.slack.com', path: /^\/(?:services|workflows|triggers)\// },
  { host: 'hooks.zapier.com', path: /^\/hooks\// },
  { host: 'maker.ifttt.com', path: /^\/trigger\// },
  { host: 'script.google.com', path: /^\/macros\// },
]

/** What kind of collector a host is, such as `a paste service`; undefined for any other. */
export function collectorAt(host: string): string | undefined {
  for (let name = host; name.includes('.'); name = name.slice(name.indexOf('.') + 1)) {
    const kind = COLLECTORS.get(name)
    if (kind) return kind
  }
  return host.endsWith('.onion') ? 'a hidden service' : undefined
}

/** True for an address at which a chat service takes messages for one receiver. */
export const isChatHook = (host: string, path: string): boolean =>
  CHATS.some((chat) => chat.host === host && chat.path.test(path))
