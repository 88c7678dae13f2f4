#!/bin/sh
# Unpack Debian's free Chinese fonts (Noto CJK) below a folder, as root or as an ordinary user, without installing them.
# Usage: deploy/fonts.sh DEST     leaves DEST/*.ttc and the fonts' licence; does nothing if they are there already
set -eu

PACKAGE=fonts-noto-cjk
INSTALLED=/usr/share/fonts/opentype/noto
WANTED="NotoSansCJK-Regular.ttc NotoSansCJK-Bold.ttc NotoSerifCJK-Regular.ttc NotoSerifCJK-Bold.ttc"

if [ $# -ne 1 ]; then
    echo "usage: $0 DEST" >&2
    exit 2
fi
mkdir -p "$1"
dest=$(cd "$1" && pwd)

are_in() {
    for font in $WANTED; do
        [ -s "$1/$font" ] || return 1
    done
}

if are_in "$dest"; then
    exit 0
fi
if are_in "$INSTALLED"; then
    echo "· Chinese fonts (those of this machine)"
    for font in $WANTED; do
        ln -sf "$INSTALLED/$font" "$dest/$font"
    done
    exit 0
fi
unpacked=$(mktemp -d "$dest/.unpacked.XXXXXX")
trap 'rm -rf "$unpacked"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
echo "· Chinese fonts (about 55 MB)"
if ! "$(dirname "$0")/debian-package.sh" "$unpacked" "$PACKAGE"; then
    echo "fonts: put $WANTED into $dest by hand, or install $PACKAGE; then run the same command again" >&2
    exit 1
fi
for font in $WANTED; do
    # Moved last and one by one: a broken run leaves no half font behind.
    mv -f "$unpacked/usr/share/fonts/opentype/noto/$font" "$dest/$font"
done
cp "$unpacked/usr/share/doc/$PACKAGE/copyright" "$dest/LICENCE-$PACKAGE.txt"
are_in "$dest"
