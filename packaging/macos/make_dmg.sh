#!/bin/sh
# The disk image out of the bundle that packaging/build.py made (macOS only):
#     packaging/macos/make_dmg.sh 0.1.0        -> dist/peace-desktop-0.1.0.dmg
# With PEACE_SIGNATURE (a Developer ID Application) set for build.py and here, bundle and image are signed; with
# PEACE_NOTARY (a profile of `xcrun notarytool store-credentials`) the image is notarised too.
set -eu
version=${1:?say the version: make_dmg.sh 0.1.0}
root=$(cd "$(dirname "$0")/../.." && pwd)
bundle="$root/dist/PEACE Desktop.app"
image="$root/dist/peace-desktop-$version.dmg"
staged=$(mktemp -d)
trap 'rm -rf "$staged"' EXIT

[ -d "$bundle" ] || { echo "make_dmg.sh: $bundle is missing; run python3 packaging/build.py first" >&2; exit 1; }
"$bundle/Contents/MacOS/peace-desktop" self-test
if [ -n "${PEACE_SIGNATURE:-}" ]; then
    codesign --force --deep --options runtime --timestamp --entitlements "$root/packaging/macos/entitlements.plist" \
        --sign "$PEACE_SIGNATURE" "$bundle"
    codesign --verify --deep --strict "$bundle"
fi
ditto "$bundle" "$staged/PEACE Desktop.app"
ln -s /Applications "$staged/Applications"
rm -f "$image"
hdiutil create -volname "PEACE Desktop $version" -srcfolder "$staged" -format UDZO "$image"
if [ -n "${PEACE_SIGNATURE:-}" ]; then codesign --sign "$PEACE_SIGNATURE" --timestamp "$image"; fi
if [ -n "${PEACE_NOTARY:-}" ]; then
    xcrun notarytool submit "$image" --keychain-profile "$PEACE_NOTARY" --wait
    xcrun stapler staple "$image"
fi
echo "$image"
