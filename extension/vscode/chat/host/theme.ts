import * as vscode from 'vscode';
import { type CodeColors, colorsOf, looseJson } from './themeColors.ts';

interface ThemeFile {
  include?: string;
  tokenColors?: { scope?: string | string[]; settings?: { foreground?: string } }[] | string;
}

/** Themes include each other, not for ever. */
const DEEPEST = 8;

async function rulesOf(file: vscode.Uri, depth = 0): Promise<Exclude<ThemeFile['tokenColors'], string | undefined>> {
  const theme = looseJson(new TextDecoder().decode(await vscode.workspace.fs.readFile(file))) as ThemeFile;
  const below = theme.include && depth < DEEPEST ? await rulesOf(vscode.Uri.joinPath(file, '..', theme.include), depth + 1) : [];
  return [...below, ...(Array.isArray(theme.tokenColors) ? theme.tokenColors : [])];
}

/** The setting that names the theme in use: where VS Code follows the system there is one for each kind. */
function themeName(): string | undefined {
  const config = vscode.workspace.getConfiguration();
  const { kind } = vscode.window.activeColorTheme;
  const highContrast = kind === vscode.ColorThemeKind.HighContrast || kind === vscode.ColorThemeKind.HighContrastLight;
  const dark = kind === vscode.ColorThemeKind.Dark || kind === vscode.ColorThemeKind.HighContrast;
  const preferred = `workbench.preferred${highContrast ? 'HighContrast' : ''}${dark ? (highContrast ? '' : 'Dark') : 'Light'}ColorTheme`;
  const follows = config.get('window.autoDetectColorScheme') === true || (highContrast && config.get('window.autoDetectHighContrast') === true);
  return config.get<string>(follows ? preferred : 'workbench.colorTheme');
}

/** The colours of code of the theme in use; none where it cannot be read, as of an extension on another machine. */
export async function codeColors(): Promise<CodeColors> {
  const name = themeName();
  for (const extension of vscode.extensions.all) {
    const themes: unknown = extension.packageJSON?.contributes?.themes;
    if (!Array.isArray(themes)) continue;
    const theme = themes.find((one) => one?.id === name || one?.label === name);
    if (typeof theme?.path !== 'string') continue;
    try {
      return colorsOf(await rulesOf(vscode.Uri.joinPath(extension.extensionUri, theme.path)));
    } catch {
      return {};
    }
  }
  return {};
}
