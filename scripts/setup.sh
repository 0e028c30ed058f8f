# shellcheck shell=sh
# Sourced by scripts/run and scripts/test, which set $me (their name) and $top (the top of the checkout).
# Makes the virtual environment once, from the lock files, and says in $venv where it is.
#
# To renew the lock files after a change of dependencies in pyproject.toml (uv is needed for this alone):
#   lock="uv pip compile -q -U --universal --python-version 3.11 --generate-hashes --only-binary :all: --no-annotate --no-header"
#   $lock pyproject.toml -o requirements.lock && $lock --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
#   for extra in whisper piper; do $lock --extra $extra -c requirements.lock pyproject.toml -o requirements-$extra.lock; done
#   $lock --no-binary srt --extra vosk -c requirements.lock pyproject.toml -o requirements-vosk.lock   # srt has no wheel

: "${me:?}" "${top:?}"
venv=${VOICETILL_VENV:-$top/.venv}
case $venv in /*) ;; *) venv=$(pwd)/$venv ;; esac
unset PYTHONHOME
sources=srt # packages of the lock files that have no wheel; they are built here

say() { printf '%s: %s\n' "$me" "$*" >&2; }
stop() { code=$1; shift; say "$*"; exit "$code"; }

# What an installed environment depends on; it is the stamp's content. A lock file is named by its length and hash.
fingerprint() { # lock file
    echo "checkout $top"
    echo "environment $venv"
    echo "python $("$venv/bin/python" -S -E -c 'import os, sys; print(os.path.realpath(sys.executable), *sys.version_info[:2])')"
    echo "lock $(cksum <"$top/$1")"
    echo "version $(sed -n 's/^version = //p' "$top/pyproject.toml")"
}

ready() { # lock file, stamp
    [ -f "$venv/$2" ] && [ -x "$venv/bin/python" ] && [ "$(fingerprint "$1" 2>/dev/null)" = "$(cat "$venv/$2")" ]
}

prepare() { # lock file: install it unless it is installed already
    lock_file=$1 stamp=voicetill.${1%.lock}.stamp
    ready "$lock_file" "$stamp" && return
    take_place
    take_lock
    # Somebody else may have done it while we waited.
    ready "$lock_file" "$stamp" || install
    free_lock
}

# The library of an engine, from its lock file, for now and for whenever the environment is made anew.
add_extra() { # extra
    prepare "requirements-$1.lock"
    grep -qx "$1" "$venv/voicetill.extras" 2>/dev/null || echo "$1" >>"$venv/voicetill.extras"
}

# What was added. Nobody is kept from talking by typing because one of them can't be installed.
keep_extras() {
    [ -f "$venv/voicetill.extras" ] || return 0
    while read -r extra; do
        [ -f "$top/requirements-$extra.lock" ] || continue
        (prepare "requirements-$extra.lock" </dev/null) || say "going on without the library for $extra"
    done <"$venv/voicetill.extras"
}

# The environment's folder must be ours: what is in it may be replaced.
take_place() {
    remedy="set VOICETILL_VENV to a folder that can be written"
    # In this order: another run may be putting its lock there at this moment.
    if [ -n "$(ls -A "$venv" 2>/dev/null)" ] && ! [ -f "$venv/voicetill.lock" ]; then
        stop 2 "$venv exists but $me did not make it; remove it, or set VOICETILL_VENV to another folder"
    fi
    mkdir -p "$venv" 2>/dev/null || stop 2 "cannot make $venv; $remedy"
    touch "$venv/voicetill.lock" 2>/dev/null || stop 2 "cannot write to $venv; $remedy"
}

# One installer at a time. Without flock a link holds the lock, and names the process that holds it.
take_lock() {
    holder=
    if command -v flock >/dev/null 2>&1; then
        exec 9>>"$venv/voicetill.lock"
        flock -n 9 && return
        say "waiting for another installer of $venv"
        flock 9 || stop 2 "cannot lock $venv/voicetill.lock"
        return
    fi
    until ln -s "pid:$$" "$venv/voicetill.holder" 2>/dev/null; do
        other=$(readlink "$venv/voicetill.holder") || continue
        if ! alive "${other#pid:}"; then
            # Of several waiters one may take a dead one's link away, and only while it is still that one's.
            if ln -s "pid:$$" "$venv/voicetill.$other" 2>/dev/null; then
                [ "$(readlink "$venv/voicetill.holder")" != "$other" ] || rm -f "$venv/voicetill.holder"
                rm -f "$venv/voicetill.$other"
                continue
            fi
        elif [ -z "$holder" ]; then
            say "waiting for another installer: process ${other#pid:}, by $venv/voicetill.holder"
            holder=$other
        fi
        sleep 1
    done
    holder=$$
    trap 'rm -f "$venv/voicetill.holder"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

alive() { kill -0 "$1" 2>/dev/null || [ -d "/proc/$1" ] || ps -p "$1" >/dev/null 2>&1; }

free_lock() {
    exec 9>&-
    [ -z "$holder" ] || rm -f "$venv/voicetill.holder"
    trap - EXIT INT TERM HUP
}

install() {
    find_python
    # Without a stamp an earlier try was cut off: begin again. With one, only the difference is installed.
    if ! [ -f "$venv/voicetill.requirements.stamp" ] || ! same_python; then
        say "making $venv"
        rm -rf "${venv:?}/bin" "${venv:?}/lib" "${venv:?}/lib64" "$venv/include" "$venv/share" "$venv/pyvenv.cfg" "$venv"/voicetill.*.stamp
        make_environment >&2
    else
        find_installer
    fi
    # The old stamp comes back when the installer fails, but not when it is cut off.
    rm -f "$venv/$stamp.old"
    [ ! -f "$venv/$stamp" ] || mv "$venv/$stamp" "$venv/$stamp.old"
    say "installing $lock_file (once; this takes a minute)"
    if ! "install_with_$installer" >&2; then
        [ ! -f "$venv/$stamp.old" ] || mv "$venv/$stamp.old" "$venv/$stamp"
        stop 3 "the packages could not be installed; the lines above say why (the first run needs the network)"
    fi
    link_checkout
    compile_modules
    fingerprint "$lock_file" >"$venv/$stamp.new" && mv "$venv/$stamp.new" "$venv/$stamp"
    rm -f "$venv/$stamp.old"
    say "ready"
}

same_python() {
    [ -x "$venv/bin/python" ] && [ "$(fingerprint requirements.lock 2>/dev/null | grep '^python')" = "$(grep '^python' "$venv/voicetill.requirements.stamp")" ]
}

find_python() {
    # First one that the locked packages are known to be built for, else any that is new enough.
    for below in 15 999; do
        for python in python3 python3.14 python3.13 python3.12 python3.11 python; do
            python=$(command -v "$python") || continue
            "$python" -c "import sys, sqlite3, venv; sys.exit(not (3, 11) <= sys.version_info < (3, $below))" >/dev/null 2>&1 && return
        done
    done
    python=
    command -v uv >/dev/null 2>&1 || stop 2 "needs Python 3.11 or newer: install python3 and python3-venv (or uv, which brings its own Python)"
}

# Four ways, by what this machine has: Python's own, its pip for another environment (Debian without python3-venv), virtualenv, uv.
make_environment() {
    if [ -n "$python" ]; then
        if "$python" -c 'import ensurepip' 2>/dev/null && "$python" -m venv "$venv"; then
            installer=pip
            return
        fi
        if fills_others && "$python" -m venv --without-pip "$venv"; then
            installer=outer_pip
            return
        fi
        if "$python" -m virtualenv --version >/dev/null 2>&1 && "$python" -m virtualenv -q "$venv"; then
            installer=pip
            return
        fi
    fi
    if command -v uv >/dev/null 2>&1 && uv venv -q --allow-existing --python "${python:->=3.11,<3.15}" "$venv"; then
        installer=uv
        return
    fi
    [ -n "$python" ] || stop 3 "uv could not bring a Python; the lines above say why (or install python3 and python3-venv)"
    stop 2 "this Python cannot make an environment: install python3-venv (Debian, Ubuntu: sudo apt-get install python3-venv)"
}

find_installer() {
    if "$venv/bin/python" -P -c 'import pip' >/dev/null 2>&1; then
        installer=pip
    elif [ -n "$python" ] && fills_others; then
        installer=outer_pip
    elif command -v uv >/dev/null 2>&1; then
        installer=uv
    else
        stop 2 "the environment has no pip: install python3-venv (Debian, Ubuntu: sudo apt-get install python3-venv), remove $venv, and run this again"
    fi
}

# Whether it has a pip that can fill another environment. The module is asked: pip takes a second to say its version.
fills_others() {
    "$python" -P -c 'import re, sys, pip; sys.exit([*map(int, re.findall("[0-9]+", pip.__version__))] < [22, 3])' >/dev/null 2>&1
}

install_with_pip() { pip_install "$venv/bin/python" -m pip; }
install_with_outer_pip() { pip_install "$python" -m pip --python "$venv/bin/python"; }
pip_install() {
    (
        unset PIP_TARGET PIP_PREFIX
        export PIP_USER=0 PIP_DISABLE_PIP_VERSION_CHECK=1
        "$@" install --quiet --no-input --no-compile --require-hashes --only-binary :all: --no-binary "$sources" -r "$top/$lock_file"
    )
}
install_with_uv() { uv pip install -q --compile-bytecode --python "$venv/bin/python" --require-hashes --only-binary :all: --no-binary "$sources" -r "$top/$lock_file"; }

# The project runs from the checkout: a path for Python, a command, and the few lines by which Python knows its name and version.
link_checkout() {
    "$venv/bin/python" - "$top" "$venv" <<'PYTHON' || stop 2 "the checkout could not be linked into $venv"
import sys, sysconfig, tomllib
from pathlib import Path

top, venv, site = Path(sys.argv[1]), Path(sys.argv[2]), Path(sysconfig.get_path("purelib"))
project = tomllib.loads((top / "pyproject.toml").read_text("utf-8"))["project"]
(site / "_voicetill.py").write_text(f"import sys\n\nsys.path.append({str(top)!r})\n", "utf-8")
(site / "voicetill.pth").write_text("import _voicetill\n", "ascii")
info = site / f"voicetill-{project['version']}.dist-info"
for old in site.glob("voicetill-*.dist-info"):
    for file in old.iterdir():
        file.unlink()
    old.rmdir()
info.mkdir()
metadata = f"Metadata-Version: 2.1\nName: voicetill\nVersion: {project['version']}\nSummary: {project['description']}\n"
(info / "METADATA").write_text(metadata, "utf-8")
(info / "INSTALLER").write_text("scripts/run\n", "ascii")
# Its second line is sh, for paths that are too long, or have a space, for a line with #!.
module, function = project["scripts"]["voicetill"].split(":")
launcher = f"""\
#!/bin/sh
'''exec' "{venv}/bin/python" "$0" "$@"
' '''
import sys

from {module} import {function}

if __name__ == "__main__":
    sys.exit({function}())
"""
command = venv / "bin" / "voicetill"
command.write_text(launcher, "utf-8")
command.chmod(0o755)
PYTHON
}

# A start takes half as long again without (a checkout that can't be written goes without). All processors do it; pip's own
# way is one after the other, nearly half of an installation.
compile_modules() {
    "$venv/bin/python" -P -m compileall -qq -j 0 "$venv/lib" "$top/assistant" "$top/channels" "$top/models" >/dev/null 2>&1 || :
}
