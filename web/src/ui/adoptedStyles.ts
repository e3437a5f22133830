/** Stands in for `react-style-singleton/singleton` in the build (vite-adopted-styles.ts): a sheet in place of `<style>`. */

interface Singleton {
  add: (style: string) => void;
  remove: () => void;
}

/** Holds one text of style while somebody needs it; the first who adds it says what it is. */
export function stylesheetSingleton(): Singleton {
  const sheet = new CSSStyleSheet();
  let users = 0;
  return {
    add(style) {
      users += 1;
      if (users > 1) return;
      sheet.replaceSync(style);
      document.adoptedStyleSheets.push(sheet);
    },
    remove() {
      users -= 1;
      if (users === 0) document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    },
  };
}
