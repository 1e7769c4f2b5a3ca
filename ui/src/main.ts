import { mount } from "svelte";
import "./tokens.css";
import App from "./App.svelte";
import { chooseBackend } from "./backend/choose";
import { lockDown } from "./lockdown";
import { Desk } from "./state/desk.svelte";
import { prepareMeasure } from "./state/measure";

const address = new URLSearchParams(location.search);
prepareMeasure();

const pitch = Number(address.get("mm"));
if (pitch > 0) document.documentElement.style.setProperty("--px-per-mm", String(pitch));

const desk = new Desk(await chooseBackend(address));
desk.expect(address);
lockDown(() => (desk.answered ? desk.info.station : desk.expected));
void desk.start();
const target = document.getElementById("app");
if (target) mount(App, { target, props: { desk } });
// After the first screen is drawn.
requestAnimationFrame(() => setTimeout(() => import("./fonts")));
