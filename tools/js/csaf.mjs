// Asks @secvisogram/csaf-validator-lib about CSAF documents: node csaf.mjs FILE...
// Prints one line of JSON for each: {"file", "valid", "tests", "found": [{"test", "level", "path", "message"}]}.
// All mandatory, optional and informative tests of the document's CSAF version run, but for those that need another
// program (a spelling checker) or the network. Exits 1 if a document is not valid.
import { readFileSync } from 'node:fs'
import validate from '@secvisogram/csaf-validator-lib/validate.js'
import * as schema20 from '@secvisogram/csaf-validator-lib/schemaTests.js'
import * as mandatory20 from '@secvisogram/csaf-validator-lib/mandatoryTests.js'
import * as optional20 from '@secvisogram/csaf-validator-lib/optionalTests.js'
import * as informative20 from '@secvisogram/csaf-validator-lib/informativeTests.js'
import * as schema21 from '@secvisogram/csaf-validator-lib/csaf_2_1/schemaTests.js'
import * as mandatory21 from '@secvisogram/csaf-validator-lib/csaf_2_1/mandatoryTests.js'
import * as recommended21 from '@secvisogram/csaf-validator-lib/csaf_2_1/recommendedTests.js'
import * as informative21 from '@secvisogram/csaf-validator-lib/csaf_2_1/informativeTests.js'

const notHere = /6_3_(6|7|8)$/ // links answer (twice), spelling
const among = (...modules) =>
  modules
    .flatMap((module) => Object.entries(module))
    .filter(([name, test]) => typeof test === 'function' && !notHere.test(name))
    .map(([, test]) => test)

const tests = {
  '2.0': [schema20.csaf_2_0_strict, ...among(mandatory20, optional20, informative20)],
  '2.1': [schema21.csaf_2_1, ...among(mandatory21, recommended21, informative21)],
}

for (const file of process.argv.slice(2)) {
  const document = JSON.parse(readFileSync(file, 'utf8'))
  const version = document?.document?.csaf_version
  if (!tests[version]) {
    throw new Error(`${file}: document/csaf_version is ${version}, not 2.0 or 2.1`)
  }
  const result = await validate(tests[version], document)
  const found = result.tests.flatMap(({ name, errors, warnings, infos }) =>
    Object.entries({ error: errors, warning: warnings, info: infos }).flatMap(([level, list]) =>
      list.map(({ instancePath, message }) => ({ test: name, level, path: instancePath, message })),
    ),
  )
  console.log(JSON.stringify({ file, valid: result.isValid, tests: result.tests.length, found }))
  if (!result.isValid) process.exitCode = 1
}
