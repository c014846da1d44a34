/** Programs that make their end as hard as they can. Each prints a line when it is as bad as it gets. */
export const NASTY: Readonly<Record<string, string>> = {
  'ignores signals': "trap '' TERM INT HUP QUIT USR1 USR2; echo ready; while :; do sleep 1; done",
  'forks forever': 'echo ready; f() { sleep 0.01; f & f & }; f; while :; do f; done',
  'holds a pipe in another session': '(setsid sh -c "sleep 1000" &) ; echo ready; exec sleep 1000',
  'is stopped': 'echo ready; sleep 0.05; kill -STOP -1; kill -STOP $$',
  'is stuck in vfork':
    'exec perl -e \'$| = 1; print "ready\\n"; syscall($ARGV[0], 0x4111, 0, 0, 0, 0) == 0 and sleep(1000); sleep(1000)\' ' +
    (process.arch === 'arm64' ? '220' : '56'),
  computes: 'echo ready; for i in 1 2 3; do (while :; do :; done) & done; while :; do :; done',
  'writes without end': 'echo ready; yes',
}
