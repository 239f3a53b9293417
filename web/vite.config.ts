import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Every browser that runs the console reads woff2: the second copy of each font file would only double the build. */
function woff2Alone(): Plugin {
  return {
    name: 'woff2-alone',
    enforce: 'pre',
    transform(code, id) {
      return id.includes('@fontsource') ? code.replace(/,\s*url\([^)]*\.woff\) format\('woff'\)/g, '') : undefined;
    },
  };
}

export default defineConfig({
  plugins: [woff2Alone(), react()],
  build: {
    target: 'es2022',
    // The map and its drawing library are one chunk of their own, loaded beside the first screen.
    chunkSizeWarningLimit: 2500,
    assetsInlineLimit: 0,
  },
  server: {
    proxy: {
      '/api': 'http://127.0.0.1:8080',
      '/tiles': 'http://127.0.0.1:8080',
      '/hubs': { target: 'http://127.0.0.1:8080', ws: true },
    },
  },
});
