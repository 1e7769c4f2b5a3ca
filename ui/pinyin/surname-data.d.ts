// pinyin-pro publishes this file and no type for it.
declare module "pinyin-pro/dist/esm/data/surname.mjs" {
  const known: Record<string, string>;
  export default known;
}
