import { type Browser, chromium } from 'playwright-core';
import { find } from './components.ts';

export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: find('chromium') as string,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
}
