; The Windows installer, made by Inno Setup 6.3 or newer out of the folder that packaging/build.py made:
;     iscc /DVersion=0.1.0 packaging\windows\peace_desktop.iss        -> dist\peace-desktop-0.1.0-setup.exe
; It asks for no administrator: it installs for one person unless "for all users" is chosen.

#ifndef Version
  #error Say the version: iscc /DVersion=0.1.0 packaging\windows\peace_desktop.iss
#endif
#define Root "..\.."
#define Built Root + "\dist\peace-desktop"
#define Window "PEACE Desktop.exe"

[Setup]
AppId={{7C0E4E0B-4B44-4E0C-9D55-5F1B2B0B6A11}
AppName=PEACE Desktop
AppVersion={#Version}
AppVerName=PEACE Desktop {#Version}
AppComments=Review of children's ECGs. Research use only, not a medical device.
DefaultDirName={autopf}\PEACE Desktop
DefaultGroupName=PEACE Desktop
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
LicenseFile={#Root}\LICENSE
InfoAfterFile=after_setup.txt
SetupIconFile={#Root}\build\frozen\icons\peace-desktop.ico
UninstallDisplayIcon={app}\{#Window}
OutputDir={#Root}\dist
OutputBaseFilename=peace-desktop-{#Version}-setup
Compression=lzma2/max
SolidCompression=yes
WizardStyle=modern
ChangesAssociations=yes
CloseApplications=yes

[Tasks]
Name: "desktopicon"; Description: "{cm:CreateDesktopIcon}"; Flags: unchecked
Name: "openwith"; Description: "Offer PEACE Desktop under ""Open with"" for recordings (changes no program that opens them now)"

[InstallDelete]
; An update must leave nothing of the version before: a library that is found twice is loaded wrongly.
Type: filesandordirs; Name: "{app}\_internal"
Type: filesandordirs; Name: "{app}\licences"

[Files]
Source: "{#Built}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{group}\PEACE Desktop"; Filename: "{app}\{#Window}"
Name: "{autodesktop}\PEACE Desktop"; Filename: "{app}\{#Window}"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\PeaceDesktop.Recording"; ValueType: string; ValueData: "ECG recording"; Flags: uninsdeletekey; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\PeaceDesktop.Recording\DefaultIcon"; ValueType: string; ValueData: "{app}\{#Window},0"; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\PeaceDesktop.Recording\shell\open\command"; ValueType: string; ValueData: """{app}\{#Window}"" ""%1"""; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.hea\OpenWithProgids"; ValueType: string; ValueName: "PeaceDesktop.Recording"; Flags: uninsdeletevalue; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.dcm\OpenWithProgids"; ValueType: string; ValueName: "PeaceDesktop.Recording"; Flags: uninsdeletevalue; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.edf\OpenWithProgids"; ValueType: string; ValueName: "PeaceDesktop.Recording"; Flags: uninsdeletevalue; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.bdf\OpenWithProgids"; ValueType: string; ValueName: "PeaceDesktop.Recording"; Flags: uninsdeletevalue; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.scp\OpenWithProgids"; ValueType: string; ValueName: "PeaceDesktop.Recording"; Flags: uninsdeletevalue; Tasks: openwith
Root: HKA; Subkey: "Software\Classes\.ecg\OpenWithProgids"; ValueType: string; ValueName: "PeaceDesktop.Recording"; Flags: uninsdeletevalue; Tasks: openwith

[Run]
Filename: "{app}\{#Window}"; Description: "{cm:LaunchProgram,PEACE Desktop}"; Flags: nowait postinstall skipifsilent

[Messages]
ConfirmUninstall=Remove %1?%n%nLibrary, settings and logs stay: %n%%LOCALAPPDATA%%\peace-desktop%nand every library in another folder. They hold patients' ECGs: keep them where they must be kept, or delete them by hand.
