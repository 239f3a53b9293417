import '@fontsource/noto-sans-sc/400.css';
import '@fontsource/noto-sans-sc/600.css';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { Problem } from './api/request';
import { App } from './shell/App';
import './shell/base.css';
import './shell/desk.css';
import { startTexts } from './shell/i18n';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      // Refusals stay refusals; only what did not get through is tried again, and soon.
      retry: (failures, failure) => failure instanceof Problem && failure.isPassing && failures < 2,
      retryDelay: 1000,
      // The feeds say when something changed. A window that comes to the front is no reason.
      refetchOnWindowFocus: false,
      staleTime: 1000,
      // Our own band tells of a lost network; the browser's guess would silently pause what still works.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

void startTexts().then(() => {
  const root = document.getElementById('root');
  if (root) {
    createRoot(root).render(
      <StrictMode>
        <QueryClientProvider client={queries}>
          <App />
        </QueryClientProvider>
      </StrictMode>,
    );
  }
});
