import type { SessionProcess } from './process.ts';

/** Programs in which people keep work that is not saved by itself, by their short names in lower case. */
const documentPrograms: ReadonlySet<string> = new Set(
  (
    'soffice.bin oosplash abiword gnumeric gedit gnome-text-edit kate kwrite mousepad pluma xed leafpad featherpad ' +
    'vim nvim vi emacs nano micro joe gimp gimp-2.10 inkscape krita blender audacity dia scribus darktable okular xournalpp ' +
    'code codium idea studio eclipse netbeans rstudio spyder qtcreator octave-gui matlab freecad librecad qcad ' +
    'thunderbird evolution kmail geary claws-mail gnucash kmymoney ' +
    'winword.exe excel.exe powerpnt.exe outlook.exe msaccess.exe mspub.exe visio.exe onenote.exe notepad.exe notepad++.exe ' +
    'wordpad.exe mspaint.exe acad.exe photoshop.exe devenv.exe ssms.exe sage.exe'
  ).split(' '),
);

/** The programs of a session that are likely to hold documents, each name once. */
export function documentProgramsAmong(processes: readonly SessionProcess[]): readonly string[] {
  const names = processes.filter(({ role }) => role === 'user').map(({ name }) => name);
  return [...new Set(names)].filter((name) => documentPrograms.has(name.toLowerCase())).toSorted();
}
