// Copy the letters that the stylesheet names out of the installed package.

import { cpSync, mkdirSync } from "node:fs"

const from = "node_modules/@fontsource-variable/atkinson-hyperlegible-next/files"
const to = "static/build/fonts"

mkdirSync(to, { recursive: true })
for (const letters of ["latin", "latin-ext"]) {
  const file = `atkinson-hyperlegible-next-${letters}-wght-normal.woff2`
  cpSync(`${from}/${file}`, `${to}/${file}`)
}
