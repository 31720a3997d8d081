#!/bin/sh
# In the build stage: the locked libraries, then the packages of ours, into /opt/motcua.
#   install.sh libraries NAME       what requirements/NAME.txt lists, every file held to its hash
#   install.sh packages FOLDER...   packages of this repository, built by the locked build tools
set -eu
umask 022
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
target=/opt/motcua
into="$target/bin/python"
with=/build/tools/bin/python
what="$1"
shift

case "$what" in
libraries)
    python3 -m venv /build/tools
    "$with" -m pip install --quiet --require-hashes -r /build/requirements/build.txt
    python3 -m venv --without-pip "$target"
    "$with" -m pip --python "$into" install --quiet --no-compile --only-binary :all: \
        --require-hashes -r "/build/requirements/$1.txt"
    ;;
packages)
    for folder in "$@"; do
        "$with" -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir /build/wheels "/build/$folder"
    done
    "$with" -m pip --python "$into" install --quiet --no-compile --no-index --no-deps /build/wheels/*.whl
    # What a running service never reads: tests of libraries, sources and headers of extensions.
    find "$target/lib" -depth -type d \( -name tests -o -name test \) -exec rm -rf {} +
    find "$target/lib" -type f \( -name '*.pyx' -o -name '*.pxd' -o -name '*.pyi' -o -name '*.c' \
        -o -name '*.h' -o -name '*.a' \) -delete
    rm -f "$target"/lib/python3.*/site-packages/zstandard/_cffi.*.so  # CPython takes the other
    rm -rf "$target"/bin/activate* "$target"/bin/Activate* "$target"/include
    # The root is read-only: what is not compiled now never is. By content, so that every build
    # of the same files gives the same bytes.
    "$into" -m compileall -q -j 0 --invalidation-mode unchecked-hash "$target/lib"
    ;;
esac
