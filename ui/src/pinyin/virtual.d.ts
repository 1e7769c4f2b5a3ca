// Made by pinyin/plugin.ts.
declare module "virtual:pinyin" {
  const text: string;
  export default text;
}
