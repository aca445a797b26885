import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium, type Browser } from '@playwright/test'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findChromium, type Chromium } from './browser.ts'

describe('the Chromium that the tests use', () => {
  let found: Chromium
  let browser: Browser

  beforeAll(async () => {
    found = await findChromium()
    browser = await chromium.launch({ executablePath: found.executablePath, args: found.args, env: found.env })
  })
  afterAll(() => browser?.close())

  it('draws text: letters leave marks and take up room', async () => {
    const page = await browser.newPage()
    await page.setContent(`<p style="margin:0;display:inline-block;font:40px sans-serif">Ranking</p>`)
    const box = await page.locator('p').boundingBox()
    expect(box?.width).toBeGreaterThan(100)
    const dark = await page.evaluate(async () => {
      const canvas = document.createElement('canvas')
      canvas.width = 300
      canvas.height = 60
      const pen = canvas.getContext('2d')
      if (!pen) throw new Error('no canvas')
      pen.font = '40px sans-serif'
      pen.fillText('Ranking', 0, 45)
      return pen.getImageData(0, 0, 300, 60).data.filter((value, i) => i % 4 === 3 && value > 128).length
    })
    // Without a font every letter would be an empty box or nothing; "Ranking" at 40 px covers some thousand points.
    expect(dark).toBeGreaterThan(800)
    await page.close()
  })

  it('keeps the rules between origins that the security tests rely on', async () => {
    expect(found.args.join(' ')).not.toMatch(/disable-web-security|single-process/)
    const answer: RequestListener = (_request, response) => response.setHeader('Content-Type', 'text/html').end('secret')
    const servers = [createServer(answer).listen(0, '127.0.0.1'), createServer(answer).listen(0, '127.0.0.1')]
    await Promise.all(servers.map((server) => once(server, 'listening')))
    const [one, two] = servers.map((server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
    const page = await browser.newPage()
    await page.goto(one ?? '')
    expect(await page.evaluate((url) => fetch(url).then((got) => got.text()), one ?? '')).toBe('secret')
    const read = page.evaluate((url) => fetch(url).then((got) => got.text()), two ?? '')
    await expect(read).rejects.toThrow('Failed to fetch')
    await page.close()
    for (const server of servers) server.close()
  })

  it('is the one that CHROMIUM_PATH names, and a wrong name is an error', async () => {
    process.env['CHROMIUM_PATH'] = found.executablePath
    expect(await findChromium()).toMatchObject({ executablePath: found.executablePath, origin: '$CHROMIUM_PATH' })
    process.env['CHROMIUM_PATH'] = '/no/such/browser'
    await expect(findChromium()).rejects.toThrow(
      'CHROMIUM_PATH names /no/such/browser, which does not exist. Correct or unset it.',
    )
    delete process.env['CHROMIUM_PATH']
  })
})
