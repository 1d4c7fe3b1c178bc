import { chromium } from '@playwright/test'
import { writeFileSync, mkdirSync } from 'node:fs'
import { findBrowser, quietSwitches, sandboxed } from './scripts/browser.mjs'
import { startApp } from './tests/window/open-app.ts'
mkdirSync('/tmp/cv/dbg',{recursive:true})
const count=900, across=30
const ids=Array.from({length:count},(_,i)=>`n${i+1}`)
writeFileSync('/tmp/cv/dbg/a.plumb.json', JSON.stringify({format:1,name:'x',description:'',seed:1,nodes:Object.fromEntries(ids.map((id)=>[id,{type:'data/example',version:1,params:{}}])),edges:[],inputs:{},layout:Object.fromEntries(ids.map((id,i)=>[id,[(i%across)*300,Math.floor(i/across)*200]])),frames:[],notes:[]}))
const browser = await chromium.launch({ executablePath: findBrowser() ?? undefined, chromiumSandbox: sandboxed, args: quietSwitches })
const app=await startApp(['/tmp/cv/dbg/a.plumb.json'])
const page=await browser.newPage({viewport:{width:1440,height:900}})
await page.goto(app.address)
const n=page.locator('[data-node="n451"]')
await n.waitFor()
const box=(await n.boundingBox())!
console.log(box)
const x=box.x+box.width/2,y=box.y+box.height/2
await page.mouse.click(x,y)
await page.waitForTimeout(300)
console.log(await n.boundingBox(), await page.evaluate(([x,y])=>document.elementFromPoint(x!,y!)?.outerHTML.slice(0,200),[x,y]))
await page.mouse.down(); await page.mouse.move(x+8,y+6,{steps:4}); await page.waitForTimeout(100)
console.log(await n.boundingBox())
await page.mouse.up(); await page.waitForTimeout(300)
console.log(await n.boundingBox())
await browser.close(); await app.stop()
