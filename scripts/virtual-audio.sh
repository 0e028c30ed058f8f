#!/bin/sh
# A microphone and a loudspeaker for a machine that has neither, as root or not; the tests of sound use them.
#   eval "$(scripts/virtual-audio.sh)"   starts them, or finds them running, and sets this shell's environment
#   scripts/virtual-audio.sh stop        ends the sound server that it started
#   scripts/virtual-audio.sh status      0 when it runs, 1 when not
# By these names they are known to PortAudio:
#   va_mic      an input; what is played into PulseAudio's sink va_mic_sink is heard: paplay --device=va_mic_sink order.wav
#   va_speaker  an output
#   va_heard    an input that hears what va_speaker plays
# Without a name va_mic and va_speaker are taken. Nothing outside of VIRTUAL_AUDIO_DIR is written (by default a folder
# of the user's under /tmp), and another sound server isn't touched. VIRTUAL_AUDIO_RATE: samples a second, 48000.
set -eu
me=scripts/virtual-audio.sh
say() { printf '%s: %s\n' "$me" "$*" >&2; }

dir=${VIRTUAL_AUDIO_DIR:-/tmp/virtual-audio-$(id -u)}
rate=${VIRTUAL_AUDIO_RATE:-48000}
socket=$dir/native
export PULSE_SERVER="unix:$socket" PULSE_COOKIE="$dir/cookie"

running() { [ -S "$socket" ] && pactl info >/dev/null 2>&1; }

start() {
    missing=
    command -v pulseaudio >/dev/null 2>&1 || missing=" pulseaudio"
    command -v pactl >/dev/null 2>&1 || missing="$missing pulseaudio-utils"
    [ -n "$(find /usr/lib* -name libasound_module_pcm_pulse.so -print 2>/dev/null)" ] || missing="$missing libasound2-plugins"
    if [ -n "$missing" ]; then
        say "needs$missing: sudo apt-get install$missing"
        exit 2
    fi
    mkdir -p "$dir"
    chmod 700 "$dir"
    write_devices
    [ -s "$PULSE_COOKIE" ] || head -c 256 /dev/urandom >"$PULSE_COOKIE"
    running || start_server
    there=$(pactl list short sinks)
    for sink in va_mic_sink va_speaker_sink; do
        # norewinds: else a recording begins up to 2 s late.
        case $there in
            *"$sink"*) ;;
            *) pactl load-module module-null-sink "sink_name=$sink" "rate=$rate" channels=1 norewinds=1 >/dev/null ;;
        esac
    done
    pactl set-default-sink va_speaker_sink
    pactl set-default-source va_mic_sink.monitor
    cat <<ENV
export VIRTUAL_AUDIO_DIR='$dir' PULSE_SERVER='$PULSE_SERVER' PULSE_COOKIE='$PULSE_COOKIE' ALSA_CONFIG_PATH='$dir/asound.conf'
ENV
}

# PortAudio lists what ALSA's configuration has with a hint.
write_devices() {
    cat >"$dir/asound.conf.new" <<CONF
</usr/share/alsa/alsa.conf>
pcm.va_mic     { type pulse server "unix:$socket" device "va_mic_sink.monitor"     hint { show on description "virtual microphone" } }
pcm.va_speaker { type pulse server "unix:$socket" device "va_speaker_sink"         hint { show on description "virtual loudspeaker" } }
pcm.va_heard   { type pulse server "unix:$socket" device "va_speaker_sink.monitor" hint { show on description "what the loudspeaker plays" } }
pcm.!default   { type asym playback.pcm "va_speaker" capture.pcm "va_mic" }
ctl.!default   { type pulse server "unix:$socket" }
CONF
    mv "$dir/asound.conf.new" "$dir/asound.conf"
}

start_server() {
    rm -f "$socket"
    # -n: none of the user's settings, so no hardware and no D-Bus.
    XDG_RUNTIME_DIR=$dir HOME=$dir DBUS_SESSION_BUS_ADDRESS='' setsid pulseaudio -n --daemonize=no \
        --exit-idle-time=-1 --use-pid-file=no --disable-shm=yes --log-target=newfile:"$dir/pulseaudio.log" --log-level=notice \
        -L "module-native-protocol-unix socket=$socket auth-anonymous=1" \
        </dev/null >/dev/null 2>&1 &
    echo $! >"$dir/pulseaudio.pid"
    tries=0
    until running; do
        tries=$((tries + 1))
        if [ "$tries" -gt 100 ]; then
            say "PulseAudio did not start; see $dir/pulseaudio.log"
            exit 3
        fi
        sleep 0.1
    done
}

stop() {
    pid=$(cat "$dir/pulseaudio.pid" 2>/dev/null || true)
    if [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = pulseaudio ]; then
        kill "$pid" 2>/dev/null || true
        tries=0
        while kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 50 ]; do
            tries=$((tries + 1))
            sleep 0.1
        done
    fi
    rm -f "$dir/pulseaudio.pid" "$socket"
}

case ${1:-start} in
    start) start ;;
    stop) stop ;;
    status) running ;;
    *)
        say "there is no '$1'; it knows start, stop and status"
        exit 2
        ;;
esac
