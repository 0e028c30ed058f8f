#!/bin/sh
# Makes a Raspberry Pi (or any Debian machine) a kiosk that listens: deploy/pi/install.sh [--lang TAG] [--shop FOLDER] [--wake PHRASE] [--dry-run]
#   --lang TAG      the language it hears: en, zh, ko (default en)
#   --shop FOLDER   the merchant's shop (default: the demo shop burger-bar)
#   --wake PHRASE   begin a talk only after this phrase (default: as soon as somebody speaks)
#   --dry-run       only say what would be done
# Run it as root from a checkout; run it again after an update: what is there already stays as it is.
set -eu

lang=en shop=burger-bar wake= dry=
while [ $# -gt 0 ]; do
    case $1 in
        --lang) lang=${2:?"--lang needs a tag"}; shift 2 ;;
        --shop) shop=${2:?"--shop needs a folder"}; shift 2 ;;
        --wake) wake=${2:?"--wake needs a phrase"}; shift 2 ;;
        --dry-run) dry=yes; shift ;;
        -h | --help) sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) echo "install.sh: unknown option $1; --help tells all" >&2; exit 2 ;;
    esac
done

top=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd -P)
home=/opt/voicetill
state=/var/lib/voicetill
conf=/etc/voicetill

say() { printf 'install.sh: %s\n' "$*" >&2; }
stop() { say "$*"; exit 2; }
run() {
    if [ -n "$dry" ]; then
        printf '+ %s\n' "$*"
    else
        "$@"
    fi
}
put() { # file: its text comes from standard input
    if [ -n "$dry" ]; then
        printf '+ write %s:\n' "$1"
        sed 's/^/    /'
    else
        cat >"$1"
    fi
}

case $(uname -m) in
    aarch64 | arm64 | x86_64) ;;
    armv7l | armv6l) stop "this system is 32 bits wide; speech recognition needs the 64-bit Raspberry Pi OS" ;;
    *) stop "there are no packages for $(uname -m); use a 64-bit ARM or x86 machine" ;;
esac
[ -n "$dry" ] || [ "$(id -u)" = 0 ] || stop "must be run as root: sudo $0 $*"
[ -n "$dry" ] || command -v apt-get >/dev/null 2>&1 || stop "needs apt-get: this script is for Raspberry Pi OS and Debian"
case $wake in
    *[\"\\\|\&]*) stop "a wake phrase is words only" ;;
esac
case $shop in
    */*) [ -f "$shop/shop.toml" ] || stop "there is no $shop/shop.toml; name the folder of a shop" ;;
esac

memory=$(awk '/^MemTotal/ { print int($2 / 1024) }' /proc/meminfo)
if [ "$memory" -lt 900 ]; then
    say "this machine has $memory MB of memory; a recogniser needs 160 to 600 MB (docs/pi.md): it may become slow"
fi

run apt-get install -y --no-install-recommends python3 python3-venv git libportaudio2 espeak-ng alsa-utils

if ! id voicetill >/dev/null 2>&1; then
    run useradd --system --home-dir "$state" --shell /usr/sbin/nologin --groups audio voicetill
fi
run install -d -m 755 "$home" "$conf"
run install -d -o voicetill -g voicetill -m 750 "$state" "$state/data"

# The program: a copy of this checkout, so that an update here changes nothing until this script is run again.
if [ "$top" != "$home" ]; then
    for part in assistant channels models scripts deploy docs pyproject.toml README.md LICENSE requirements.lock \
        requirements-vosk.lock requirements-whisper.lock requirements-piper.lock; do
        run rm -rf "${home:?}/$part.new"
        run cp -R "$top/$part" "$home/$part.new"
        run rm -rf "${home:?}/$part"
        run mv "$home/$part.new" "$home/$part"
    done
fi
run env VOICETILL_MODELS="$state/models" "$home/scripts/run" models get "$lang"
run chown -R voicetill:voicetill "$state"

case $shop in
    */*)
        run rm -rf "$conf/shop"
        run cp -R "$shop" "$conf/shop"
        shop=$conf/shop
        ;;
esac
if [ ! -f "$conf/voicetill.toml" ]; then
    put "$conf/voicetill.toml" <<EOF
# What the kiosk is; \`systemctl restart voicetill-listen\` after a change. docs/commands.md has all the keys.
shop = "$shop"
lang = "$lang"

[channels.microphone]
kiosk = true          # a talk begins when somebody speaks, and each is a new one
# wake = "hello"      # … or only after this phrase
# patience = 2        # wait longer before a turn counts as ended
# device = "USB"      # a part of the microphone's name; \`voicetill doctor audio\` lists them
# loudspeaker = "USB"
EOF
    [ -z "$wake" ] || run sed -i "s|^# wake = .*|wake = \"$wake\"|" "$conf/voicetill.toml"
fi
if [ ! -f "$conf/listen.env" ]; then
    put "$conf/listen.env" <<EOF
# Secrets and settings of the environment (VOICETILL_…), read by the service.
VOICETILL_MODELS=$state/models
EOF
fi
run install -m 644 "$home/deploy/pi/voicetill-listen.service" /etc/systemd/system/voicetill-listen.service
run systemctl daemon-reload
run systemctl enable --now voicetill-listen.service
say "done: \`journalctl -fu voicetill-listen\` shows what it hears; \`sudo -u voicetill $home/scripts/run doctor audio\` looks at the sound devices"
