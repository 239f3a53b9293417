import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Bilingual } from '../../api/contract';
import { en } from './en';
import { type Texts, zh } from './zh';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'translation';
    resources: { translation: Texts };
  }
}

export type Language = 'zh' | 'en';
const remembered = 'geodispatch.language';

export async function startTexts(): Promise<void> {
  await i18next.use(initReactI18next).init({
    resources: { zh: { translation: zh }, en: { translation: en } },
    lng: localStorage.getItem(remembered) === 'en' ? 'en' : 'zh',
    fallbackLng: 'zh',
    // React escapes what it shows; twice would garble addresses.
    interpolation: { escapeValue: false },
  });
  applyLanguage();
}

export const language = (): Language => (i18next.language === 'en' ? 'en' : 'zh');

export async function switchLanguage(): Promise<void> {
  await i18next.changeLanguage(language() === 'zh' ? 'en' : 'zh');
  localStorage.setItem(remembered, language());
  applyLanguage();
}

function applyLanguage() {
  document.documentElement.lang = language() === 'zh' ? 'zh-CN' : 'en';
}

/** The half of a text that the server said twice. */
export const inLanguage = (text: Bilingual): string => text[language()];
