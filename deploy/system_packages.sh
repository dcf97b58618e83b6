#!/usr/bin/env bash
# Installs the distribution's packages that pip cannot bring, where it may; else says the command.
#
#   deploy/system_packages.sh venv       the venv module of the system Python
#   deploy/system_packages.sh runtime    libraries that WeasyPrint loads
#   deploy/system_packages.sh test       Chromium, PostgreSQL, Redis and the PDF tools of the suite
#
# Nothing is asked of apt when nothing is missing. Exit 0: present; 3: missing and not installed.
set -euo pipefail

python=${PYTHON:-python3}
missing=()

# need PACKAGE TEST... : note the package when the test command fails.
need() {
    local package=$1
    shift
    "$@" >/dev/null 2>&1 || missing+=("$package")
}

loads() { "$python" -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1"; }

has_postgres() { command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb'; }

has_chromium() {
    local name
    [ -x "${CHROMIUM:-/nonexistent}" ] && return 0
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" && [ ! -d "/snap/$name" ] && return 0
    done
    compgen -G "$HOME/.cache/ms-playwright/chromium*/*/*chrom*"
}

case ${1:-} in
venv)
    need python3-venv "$python" -c 'import ensurepip, venv'
    ;;
runtime)
    need libpango-1.0-0 loads libpango-1.0.so.0
    need libpangoft2-1.0-0 loads libpangoft2-1.0.so.0
    need libharfbuzz-subset0 loads libharfbuzz-subset.so.0
    ;;
test)
    if grep -qs '^ID=ubuntu' /etc/os-release; then
        # Ubuntu's package only fetches a snap, which a container cannot run.
        has_chromium >/dev/null || .venv/bin/playwright install --with-deps chromium ||
            echo "Chromium is missing. Set CHROMIUM to the program of an installed one." >&2
    else
        need chromium has_chromium
    fi
    need fonts-liberation test -d /usr/share/fonts/truetype/liberation
    need postgresql has_postgres
    need redis-server command -v redis-server
    need poppler-utils command -v pdftotext
    need qpdf command -v qpdf
    ;;
*)
    echo "usage: $0 venv|runtime|test" >&2
    exit 2
    ;;
esac

[ ${#missing[@]} -eq 0 ] && exit 0

command_line="apt-get install -y --no-install-recommends ${missing[*]}"
if ! command -v apt-get >/dev/null; then
    echo "Missing system packages (Debian names): ${missing[*]}" >&2
    echo "Install their equivalents with this system's package manager, then run make again." >&2
    exit 3
elif [ "$(id -u)" -eq 0 ]; then
    as_root=()
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
else
    echo "System packages are missing and this account may not install them. Run once:" >&2
    echo "    sudo apt-get update && sudo $command_line" >&2
    exit 3
fi

echo "Installing system packages: ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export DEBIAN_FRONTEND=noninteractive
install() {
    "${as_root[@]}" apt-get update >"$log" 2>&1 || cat "$log" >&2 # an old list may still serve
    # shellcheck disable=SC2086 # the command is made of words
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive $command_line >"$log" 2>&1
}
if ! install; then
    tail -n 30 "$log" >&2
    echo "Installing failed. The command was: $command_line" >&2
    exit 3
fi
