/**
 * Purpose: the panel's configuration in the data folder, as the guided set-up wrote it: read at each start, replaced as a
 *   whole. Refuses: a file that is no valid configuration; the counter then works by touch, and says so.
 * Document: firmware-notes/families.md, "Where the configuration is".
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CodedError } from '@hailong/shared/errors.ts';
import { type PanelConfig, panelConfig, panelProblem } from '@hailong/shared/model/panel-config.ts';
import { replaceFile } from '../replace-file.ts';

export const panelFileIn = (data: string): string => join(data, 'panel.json');

/** Null: there is none. Throws `panel.config_invalid` with the place and the closed code of what is wrong. */
export function readPanelFile(file: string): PanelConfig | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return null;
    throw new CodedError('panel.config_invalid', `${file}: ${code ?? ''}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new CodedError('panel.config_invalid', `${file}: JSON`);
  }
  const parsed = panelConfig.safeParse(value);
  if (parsed.success) return parsed.data;
  const { code, where } = panelProblem(parsed.error);
  throw new CodedError('panel.config_invalid', `${file}: ${where} ${code}`);
}

export function writePanelFile(file: string, config: PanelConfig): void {
  replaceFile(file, `${JSON.stringify(config, null, 2)}\n`);
}
