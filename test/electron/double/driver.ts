/**
 * Opens the double's windows as pages of a real Chromium: the built page, served by the built `app://` handler with its own
 * headers, with the built preload in an isolated world. `app://palate` stands as `https://palate.test`, because Chromium
 * gives a scheme it does not know no page.
 */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { chromium, type Browser, type CDPSession, type Page, type Route } from '@playwright/test'
import { findChromium } from '../../support/browser.ts'
import { ipcMain, recorded, type BrowserWindow, type PortMain } from './electron.ts'

const here = import.meta.dirname
const appOrigin = 'app://palate'
export const pageOrigin = 'https://palate.test'

export interface ShownWindow {
  readonly page: Page
  /** What the page's console, its errors and its content security policy complained about. */
  readonly complaints: string[]
}

export interface Driver {
  /** The page of a window, once its document is there. */
  shown(window: BrowserWindow): Promise<ShownWindow>
  /** A page of the same origin without content, with the same preload script. */
  openBlank(window: BrowserWindow): Promise<Page>
  /** The same without the preload script. */
  openPlain(): Promise<Page>
  close(): Promise<void>
}

/** @param alterPreload applied to the built preload's source, to prove that the tests notice */
export async function createDriver(alterPreload: (source: string) => string): Promise<Driver> {
  const { executablePath, args, env } = await findChromium()
  const browser = await chromium.launch({ executablePath, args, env })
  const pages = new Map<BrowserWindow, Promise<ShownWindow>>()
  recorded.openPage = async (window, url) => {
    const shown = open(browser, window, url, alterPreload)
    pages.set(window, shown)
    await shown
    window.emit('ready-to-show')
  }
  return {
    shown: async (window) => (await pages.get(window)) ?? Promise.reject(new Error('The window shows no page.')),
    openBlank: async (window) => (await open(browser, window, `${appOrigin}/no-such-page`, alterPreload)).page,
    openPlain: async () => {
      const page = await browser.newPage()
      await page.route('**/*', answer)
      await page.goto(`${pageOrigin}/no-such-page`)
      return page
    },
    close: () => browser.close(),
  }
}

async function open(
  browser: Browser,
  window: BrowserWindow,
  url: string,
  alterPreload: (source: string) => string,
): Promise<ShownWindow> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  await page.route('**/*', answer)
  const devtools = await context.newCDPSession(page)
  await devtools.send('Page.enable')
  await devtools.send('Page.addScriptToEvaluateOnNewDocument', { source: readFileSync(path.join(here, 'page-world.js'), 'utf8') })
  await installPreload(devtools, window, alterPreload)
  await page.goto(url.replace(appOrigin, pageOrigin))
  return { page, complaints }
}

/** Requests of the page's origin go to the shell's protocol handler, all others to its network rule. */
async function answer(route: Route): Promise<void> {
  const url = route.request().url()
  if (!url.startsWith(`${pageOrigin}/`)) {
    let cancel = false
    const rule = recorded.handlers['beforeRequest'] as (
      details: { url: string },
      done: (verdict: { cancel: boolean }) => void,
    ) => void
    rule({ url }, (verdict) => (cancel = verdict.cancel))
    return cancel ? route.abort() : route.continue()
  }
  const handler = recorded.handlers['protocol app'] as (request: Request) => Promise<Response>
  const response = await handler(new Request(url.replace(pageOrigin, appOrigin)))
  const body = Buffer.from(await response.arrayBuffer())
  return route.fulfill({ status: response.status, headers: Object.fromEntries(response.headers), body })
}

async function installPreload(devtools: CDPSession, window: BrowserWindow, alter: (source: string) => string): Promise<void> {
  const { preload, sandbox, contextIsolation } = window.options.webPreferences
  const built = alter(readFileSync(preload, 'utf8')).replaceAll(appOrigin, pageOrigin)
  const start = readFileSync(path.join(here, 'preload-world.js'), 'utf8')
  const source = `${start}\nstartPreload((require, process, module, exports) => {\n${built}\n}, ${sandbox})`
  const world = contextIsolation === false ? {} : { worldName: 'preload' }
  let contextId: number | undefined
  devtools.on('Runtime.executionContextCreated', ({ context }) => {
    const isMainWorld = (context.auxData as { isDefault?: boolean } | undefined)?.isDefault === true
    if (world.worldName ? context.name === world.worldName : isMainWorld) contextId = context.id
  })
  await devtools.send('Runtime.enable')
  await devtools.send('Runtime.addBinding', {
    name: 'toDriver',
    ...(world.worldName && { executionContextName: world.worldName }),
  })
  await devtools.send('Page.addScriptToEvaluateOnNewDocument', { source, ...world })

  const ports = new Map<number, PortMain>()
  const deliver = (message: unknown) =>
    void devtools
      .send('Runtime.evaluate', { expression: `fromDriver(${JSON.stringify(message)})`, ...(contextId && { contextId }) })
      .catch(() => undefined)
  const frame = window.webContents.mainFrame
  frame.onPost = (channel, given, args) => {
    const ids = given.map((port) => {
      const id = ports.size + 1
      ports.set(id, port)
      port.on('message', ({ data }) => deliver({ kind: 'port-data', id, data }))
      port.on('close', () => deliver({ kind: 'port-close', id }))
      port.start()
      return id
    })
    deliver({ kind: 'message', channel, ports: ids, args })
  }
  devtools.on('Runtime.bindingCalled', ({ payload }) => {
    const message = JSON.parse(payload) as { kind: string; id: number; data: unknown; channel: string; args: unknown[] }
    if (message.kind === 'port-data') ports.get(message.id)?.postMessage(message.data)
    else ipcMain.emit(message.channel, { sender: window.webContents, senderFrame: frame }, ...message.args)
  })
}
