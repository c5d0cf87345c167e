// Reads calendar files with ical.js: node ics.mjs FILE...
// Prints one line of JSON for each: {"name", "refresh", "events": [{"uid", "summary", "start", "sequence", "status", "class"}]}.
import { readFileSync } from 'node:fs'
import ICAL from 'ical.js'

for (const file of process.argv.slice(2)) {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, 'utf8')))
  const events = calendar.getAllSubcomponents('vevent').map((component) => {
    const event = new ICAL.Event(component)
    return {
      uid: event.uid,
      summary: event.summary,
      start: event.startDate.toJSDate().toISOString(),
      sequence: event.sequence,
      status: component.getFirstPropertyValue('status'),
      class: component.getFirstPropertyValue('class'),
    }
  })
  const refresh = calendar.getFirstPropertyValue('refresh-interval')
  console.log(JSON.stringify({ name: calendar.getFirstPropertyValue('name'), refresh: refresh.toSeconds(), events }))
}
