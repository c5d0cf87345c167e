// Scores the vectors on standard input, one a line, with the npm package whose folder is the first argument.
// Answers a line for each: base, value, nomenclature, severity, canonical vector, with tabs between them.
import {createRequire} from 'node:module';
import {createInterface} from 'node:readline';

const {Cvss3P1, Cvss4P0} = createRequire(import.meta.url)(process.argv[2]);

function score31(vector) {
  const v = new Cvss3P1(vector);
  const scores = v.calculateScores();
  return [v, scores.base, scores.overall, 'CVSS:3.1'];
}

function score40(vector) {
  const v = new Cvss4P0(vector);
  const nomenclature = v.getNomenclature();
  const value = v.calculateOverallScore();
  const base = nomenclature === 'CVSS-B' ? value : v.calculateScores().baseMetricsOnly;
  return [v, base, value, nomenclature];
}

for await (const vector of createInterface({input: process.stdin})) {
  const [v, base, value, nomenclature] = vector.startsWith('CVSS:3.1/') ? score31(vector) : score40(vector);
  console.log([base.toFixed(1), value.toFixed(1), nomenclature, v.getJsonSchemaSeverity(value),
    v.toString(false, undefined, true)].join('\t'));
}
