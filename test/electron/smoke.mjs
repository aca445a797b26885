#!/usr/bin/env node
/**
 * The real Electron, on a machine that has its binary and a display: opens the built program on an empty workspace and looks
 * at what the double cannot show. `npm run test:electron` runs it there.
 */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { _electron } from '@playwright/test'

/* global window, location, navigator, addEventListener, Notification -- of the page, in the functions that are evaluated there */

const root = path.resolve(import.meta.dirname, '../..')
const workspace = mkdtempSync(path.join(os.tmpdir(), 'palate-smoke-'))

/** Page, preload, main process, port, engine process and back. */
const callInfo = () =>
  new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error('no answer within 10 s')), 10_000)
    addEventListener('message', ({ data, ports: [port] }) => {
      if (data !== 'palate:port' || !port) return
      port.onmessage = (event) => resolve(JSON.parse(event.data).p.b.json)
      port.postMessage(JSON.stringify({ i: '1', p: { u: '/system/info', b: { json: null } } }))
    })
    window.palate.requestPort()
  })

const checks = {
  'the page is the program’s own': async ({ page }) => {
    assert.equal(new URL(page.url()).origin === 'null' ? page.url().slice(0, 12) : new URL(page.url()).origin, 'app://palate')
    assert.match(await page.title(), /Palate/)
  },
  'the engine answers through the port': async ({ page }) => {
    const info = await page.evaluate(callInfo)
    assert.equal(info.host, 'electron')
    assert.equal(info.workspace, workspace)
  },
  'the page has no Node and no part of Electron': async ({ page }) => {
    const found = await page.evaluate(() => [typeof require, typeof process, typeof module, Object.keys(window.palate).join()])
    assert.deepEqual(found, ['undefined', 'undefined', 'undefined', 'host,platform,requestPort,showProgress,pathForFile'])
  },
  'the window has the preferences of the factory': async ({ app }) => {
    const preferences = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0].webContents.getLastWebPreferences(),
    )
    const { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity } = preferences
    assert.deepEqual(
      { sandbox, contextIsolation, nodeIntegration, webviewTag, webSecurity },
      { sandbox: true, contextIsolation: true, nodeIntegration: false, webviewTag: false, webSecurity: true },
    )
  },
  'eval and scripts in line do not run': async ({ page }) => {
    await page.evaluate(`
      setTimeout(() => eval('window.hit = 1'))
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.hit = 1' }))`)
    await page.waitForTimeout(200)
    assert.equal(await page.evaluate(() => window.hit), undefined)
  },
  'nothing reaches the network or the disk': async ({ page }) => {
    const reached = await page.evaluate(() =>
      Promise.all(
        ['https://example.com/', 'http://127.0.0.1:1/', 'file:///etc/hosts'].map((url) =>
          fetch(url, { mode: 'no-cors' }).then(
            () => url,
            () => '',
          ),
        ),
      ),
    )
    assert.deepEqual(reached, ['', '', ''])
  },
  'the page opens no window and leads nowhere': async ({ app, page }) => {
    await page.evaluate(() => {
      window.open('https://example.com/')
      location.href = 'https://example.com/'
    })
    await page.waitForTimeout(500)
    assert.equal(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length), 1)
    assert.ok(page.url().startsWith('app://palate/'))
  },
  'permissions are denied but for notifications': async ({ page }) => {
    assert.equal(await page.evaluate(() => Notification.requestPermission()), 'granted')
    const { state } = await page.evaluate(() => navigator.permissions.query({ name: 'geolocation' }))
    assert.equal(state, 'denied')
  },
  'the menus are there': async ({ app }) => {
    const roles = await app.evaluate(({ Menu }) => Menu.getApplicationMenu().items.map((item) => item.role ?? item.label))
    assert.ok(roles.includes('editmenu') && roles.includes('View') && roles.includes('windowmenu'), roles.join())
  },
  'the engine is a process of its own and ends with the program': async ({ app }) => {
    const engines = await app.evaluate(({ app: main }) =>
      main
        .getAppMetrics()
        .filter((metric) => metric.name === 'Palate engine')
        .map((metric) => metric.pid),
    )
    assert.equal(engines.length, 1)
    await app.close()
    assert.throws(() => process.kill(engines[0], 0))
  },
}

let failed = 0
const app = await _electron.launch({ args: [root, '--workspace', workspace], cwd: root })
try {
  const page = await app.firstWindow()
  await page.waitForLoadState('load')
  for (const [name, check] of Object.entries(checks)) {
    try {
      await check({ app, page })
      console.log(`  ✓ ${name}`)
    } catch (error) {
      failed += 1
      console.log(`  ✗ ${name}: ${error.message}`)
    }
  }
} finally {
  await app.close().catch(() => undefined)
  rmSync(workspace, { recursive: true, force: true })
}
console.log(`Electron smoke: ${Object.keys(checks).length - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
