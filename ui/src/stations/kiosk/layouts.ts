// What is on the keys. Marks of the keyboard itself are in braces; their words are in words/.

export type Layout = "text" | "phone" | "code";

export const layouts: Record<Layout, Record<string, string[]>> = {
  text: {
    letters: [
      "q w e r t y u i o p {bksp}",
      "a s d f g h j k l '",
      "{shift} z x c v b n m - .",
      "{digits} {pinyin} {space} {clear}",
    ],
    capitals: [
      "Q W E R T Y U I O P {bksp}",
      "A S D F G H J K L '",
      "{shift} Z X C V B N M - .",
      "{digits} {pinyin} {space} {clear}",
    ],
    pinyin: [
      "q w e r t y u i o p {bksp}",
      "a s d f g h j k l '",
      "z x c v b n m · -",
      "{digits} {latin} {space} {clear}",
    ],
    digits: [
      "1 2 3 4 5 6 7 8 9 0 {bksp}",
      "@ # & ( ) / : ; ,",
      "! ? + = _ * · - .",
      "{letters} {space} {clear}",
    ],
  },
  phone: { phone: ["1 2 3", "4 5 6", "7 8 9", "+ 0 {bksp}"] },
  // The letters and digits of short codes, which leave out those that are mistaken for one another.
  code: { code: ["2 3 4 5 6 7 8 9", "Q W E R T Y U P", "A S D F G H J K", "Z X C V B N M {bksp}"] },
};

/** Stand above the digits, where addresses are typed. */
export const ADDRESS_ENDS = ["@qq.com", "@163.com", ".com", ".cn", ".com.cn", "@gmail.com"];
