// The Chinese font that comes with the program, for a PC that has none of its own. It stands last in the list of
// families, in a hundred slices of which only those are read whose characters no other family has; so a PC with fonts
// never reads it. It is fetched after the first screen, which must not wait for it.
import "@fontsource-variable/noto-sans-sc/wght.css";
