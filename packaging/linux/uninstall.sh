#!/bin/sh
# Removes what install.sh put in place, with the same prefix (default ~/.local). What people made stays.
set -eu
prefix=${1:-$(cd "$(dirname "$0")/../.." && pwd)}
target=$prefix/lib/peace-desktop

[ -x "$target/peace-desktop" ] || { echo "uninstall.sh: nothing is installed under $prefix" >&2; exit 1; }
(cd "$target/share" && find icons mime/packages -type f) | while IFS= read -r file; do rm -f "$prefix/share/$file"; done
rm -f "$prefix/share/applications/peace-desktop.desktop" "$prefix/bin/peace-desktop"
rm -rf "$target"
if command -v update-mime-database >/dev/null && [ -d "$prefix/share/mime/packages" ]; then
    update-mime-database "$prefix/share/mime"
fi
if command -v update-desktop-database >/dev/null; then update-desktop-database "$prefix/share/applications"; fi
cat <<'END'
PEACE Desktop is removed. Left as they are, for every person who used it:
  ~/.local/share/peace-desktop        library with recordings, readings and backups; settings; added model bundles
  ~/.local/state/peace-desktop/log    log and crash files
  and every library that was put in another folder.
They hold patients' ECGs: keep them where they must be kept, or delete them by hand.
END
