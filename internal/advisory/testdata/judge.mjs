// Serves the CSAF tests of @secvisogram/csaf-validator-lib with the interface of the BSI's validation service, which
// csaf_validator speaks: node judge.mjs FOLDER-OF-THE-PACKAGE. It takes seconds to start, then prints its address and ends when its input does.
import http from 'node:http'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const load = (file) => import(pathToFileURL(path.join(process.argv[2], file)))
const functionsOf = async (file) => Object.values(await load(file)).filter((f) => typeof f === 'function')

const { default: validate } = await load('lib/validate.js')
const { csaf_2_0_strict: strict, csaf_2_0: schema } = await load('schemaTests.js')
const presets = {
  strict: [strict],
  schema: [schema],
  mandatory: await functionsOf('mandatoryTests.js'),
  optional: await functionsOf('optionalTests.js'),
}
presets.basic = [...presets.strict, ...presets.mandatory]
presets.extended = [...presets.basic, ...presets.optional]

const server = http.createServer(async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  try {
    const { tests, document } = JSON.parse(Buffer.concat(chunks))
    const wanted = tests.flatMap((t) => (t.type === 'preset' ? presets[t.name] : presets.extended.filter((f) => f.name === t.name)))
    const verdict = await validate([...new Set(wanted)], document)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({
      isValid: verdict.isValid,
      tests: verdict.tests.map(({ name, isValid, errors, warnings, infos }) => ({ name, isValid, errors, warnings, infos })),
    }))
  } catch (error) {
    response.statusCode = 400
    response.end(String(error))
  }
})
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}`))
process.stdin.on('end', () => process.exit()).resume()
