// shacl-engine (Node). Needs: npm install shacl-engine rdf-ext n3
import { createReadStream, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const require = createRequire(process.cwd() + '/')
const load = async name => import(pathToFileURL(require.resolve(name)))
const rdf = (await load('rdf-ext')).default
const { Parser, Store, StreamParser } = require('n3')
const { Validator } = await load('shacl-engine')

const shapes = rdf.dataset(new Parser().parse(readFileSync(process.argv[3], 'utf8')))
const dataset = new Store() // indexed, unlike rdf.dataset()
for await (const quad of createReadStream(process.argv[2]).pipe(new StreamParser())) dataset.add(quad)
const report = await new Validator(shapes, { factory: rdf }).validate({ dataset })
const lines = report.results.map(r =>
  `${r.focusNode.value} ${r.path?.[0]?.predicates?.[0]?.value ?? ''} ${r.constraintComponent.value}`)
process.stdout.write(lines.join('\n') + '\n')
