// What is on the keys. Marks of the keyboard itself are in braces; their words are in words/.

export type Layout = "text" | "phone";

export const layouts: Record<Layout, Record<string, string[]>> = {
  text: {
    default: [
      "q w e r t y u i o p {bksp}",
      "a s d f g h j k l '",
      "{shift} z x c v b n m - .",
      "{digits} {space} {clear}",
    ],
    shift: [
      "Q W E R T Y U I O P {bksp}",
      "A S D F G H J K L '",
      "{shift} Z X C V B N M - .",
      "{digits} {space} {clear}",
    ],
    digits: [
      "1 2 3 4 5 6 7 8 9 0 {bksp}",
      "@ # & ( ) / : ; ,",
      "{shift} ä ö ü é è ñ ç - .",
      "{letters} {space} {clear}",
    ],
  },
  phone: { default: ["1 2 3", "4 5 6", "7 8 9", "+ 0 {bksp}"] },
};
