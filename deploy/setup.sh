#!/usr/bin/env bash
# Makes the virtual environment with the pinned packages and what the source needs built.
# Quick and silent when nothing changed.   deploy/setup.sh [--dev]
set -euo pipefail
cd "$(dirname "$0")/.."

flavour=runtime
requirements=(-r requirements.txt)
if [ "${1:-}" = --dev ]; then
    flavour=dev
    requirements=(-r requirements-dev.txt) # names requirements.txt itself
fi

find_python() {
    local candidate
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return
        fi
    done
    echo "e-karir needs Python 3.11 or newer; found: $(python3 --version 2>&1 || echo none)." >&2
    echo "Name another one with: PYTHON=/path/to/python3.12 make run" >&2
    exit 1
}

PYTHON=$(find_python)
export PYTHON

# An environment of another Python, or one left half made, is made anew.
if ! .venv/bin/python -c 'import pip' 2>/dev/null; then
    deploy/system_packages.sh venv
    echo "Making the virtual environment (.venv) with $("$PYTHON" --version)"
    "$PYTHON" -m venv --clear .venv
fi

stamp=.venv/.installed-$flavour
wanted=$(cat requirements.txt requirements-dev.txt .venv/pyvenv.cfg | sha256sum)
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    echo "Installing the pinned Python packages ($flavour); the first time takes a minute or two"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "${requirements[@]}"
    echo "$wanted" >"$stamp"
fi

deploy/system_packages.sh runtime

# Compiled translations are not kept in the repository: a merge could never join them.
for catalogue in app/web/translations/*/LC_MESSAGES/messages.po; do
    [ -e "$catalogue" ] || continue
    compiled=${catalogue%.po}.mo
    if [ ! "$compiled" -nt "$catalogue" ]; then
        .venv/bin/pybabel --quiet compile --input-file "$catalogue" --output-file "$compiled"
    fi
done
