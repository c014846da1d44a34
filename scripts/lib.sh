# Shared by the launcher and the scripts; POSIX sh, sourced from the project's root.

say() { printf '%s\n' "$*" >&2; }

die() {
  say "azora: $1"
  [ -z "${2:-}" ] || say "$2"
  exit 1
}

# The runtime that npm installed with the project, whatever Node the machine has.
use_pinned_node() {
  PATH="$PWD/node_modules/.bin:$PATH"
  export PATH
  keep_compiled
}

# Node keeps what it has compiled, TypeScript too, so that programs start with two thirds of the work. It is run when it is
# read, so it lies where only those can write who can change the code.
keep_compiled() {
  NODE_COMPILE_CACHE=${NODE_COMPILE_CACHE:-$PWD/node_modules/.cache/node}
  export NODE_COMPILE_CACHE
}

# Installs the npm packages once for each package-lock.json. Not "npm ci": it refuses a lock file that leaves out optional
# packages of other platforms.
ensure_packages() {
  stamp=node_modules/.azora-installed
  if [ -f "$stamp" ] && cmp -s "$stamp" package-lock.json; then return; fi
  command -v npm >/dev/null 2>&1 || die 'npm is missing.' 'Install Node.js 20 or newer with npm, then try again.'
  say 'Installing packages (once) …'
  npm install --no-save --no-audit --no-fund --loglevel=error >&2 || die 'npm could not install the packages.' 'Look at the message above, then try again.'
  cp package-lock.json "$stamp"
}

# Refuses to go on with anything but the pinned Node 24.
check_node() {
  version=$(node_modules/.bin/node --version 2>/dev/null || true)
  case $version in
    v24.*) ;;
    *) die "the pinned Node 24 is missing (found: ${version:-none})." "This platform ($(uname -s) $(uname -m)) may not be supported; see docs/start.md." ;;
  esac
}

# bubblewrap isolates what agents and skills run; git is what they work on.
ensure_system() {
  missing=''
  command -v git >/dev/null 2>&1 || missing="$missing git"
  if [ "$(uname -s)" = Linux ]; then
    command -v bwrap >/dev/null 2>&1 || missing="$missing bubblewrap"
  fi
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "Installing$missing with apt …"
    # shellcheck disable=SC2086 # the list is split on purpose
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >/dev/null ||
      die "apt could not install$missing."
  else
    die "these programs are missing:$missing." "Type: sudo apt-get install -y$missing"
  fi
}

# Some tests open a page in a browser, or type what a guide says. Without these programs they are skipped, and say so.
ensure_test_programs() {
  missing=''
  command -v jq >/dev/null 2>&1 || missing="$missing jq"
  command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium"
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "Installing$missing with apt …"
    # shellcheck disable=SC2086 # the list is split on purpose
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } >/dev/null 2>&1 && return 0
  fi
  say "Tests that need$missing are skipped."
}

ensure_all() {
  ensure_packages
  check_node
  ensure_system
}
