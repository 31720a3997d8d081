#!/bin/sh
# In the build stage: the locked libraries, then the packages of ours, into /opt/motcua.
#   install.sh libraries NAME       what requirements/NAME.txt lists, every file held to its hash
#   install.sh packages FOLDER...   packages of this repository, built by the locked build tools
#   install.sh paths FOLDER...      code that stays where it is
#   install.sh trim MODULE...       less what a service that imports these modules never reads
set -eu
umask 022
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
target=/opt/motcua
into="$target/bin/python"
pip="/build/tools/bin/python -m pip"
what="$1"
shift

case "$what" in
libraries)
    python3 -m venv /build/tools
    $pip install --quiet --require-hashes -r /build/requirements/build.txt
    python3 -m venv --without-pip "$target"
    $pip --python "$into" install --quiet --no-compile --only-binary :all: \
        --require-hashes -r "/build/requirements/$1.txt"
    ;;
packages)
    for folder in "$@"; do
        $pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /build/wheels "/build/$folder"
    done
    $pip --python "$into" install --quiet --no-compile --no-index --no-deps /build/wheels/*.whl
    ;;
paths)
    printf '%s\n' "$@" > "$("$into" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/motcua.pth"
    ;;
trim)
    "$into" /build/trim.py "$@"
    rm -rf "$target"/bin/activate* "$target"/bin/Activate* "$target"/include
    ;;
esac
