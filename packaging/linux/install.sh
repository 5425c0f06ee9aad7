#!/bin/sh
# Puts this folder in place for one person (default) or, as root, for everybody:
#     ./install.sh                     into ~/.local
#     sudo ./install.sh /usr/local     for all
# A version that is there already is replaced; libraries, settings and logs are never touched.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
prefix=${1:-$HOME/.local}
target=$prefix/lib/peace-desktop

[ -x "$here/peace-desktop" ] || { echo "install.sh: run it in the unpacked folder, beside peace-desktop" >&2; exit 1; }
[ "$here" != "$target" ] || { echo "install.sh: this is the installed folder already" >&2; exit 1; }

mkdir -p "$prefix/lib" "$prefix/bin" "$prefix/share"
# Laid down beside the old version first: a full disk leaves that one whole.
rm -rf "$target.new"
cp -a "$here" "$target.new"
rm -rf "$target"
mv "$target.new" "$target"
ln -sf "$target/peace-desktop" "$prefix/bin/peace-desktop"
cp -r "$target/share/icons" "$target/share/mime" "$prefix/share/"
mkdir -p "$prefix/share/applications"
sed "s|@PROGRAM@|$target/peace-desktop|" "$target/share/applications/peace-desktop.desktop" \
    > "$prefix/share/applications/peace-desktop.desktop"
if command -v update-mime-database >/dev/null; then update-mime-database "$prefix/share/mime"; fi
if command -v update-desktop-database >/dev/null; then update-desktop-database "$prefix/share/applications"; fi
"$target/peace-desktop" --version
echo "Start it from the menu, or with $prefix/bin/peace-desktop. It is removed by $target/uninstall.sh"
