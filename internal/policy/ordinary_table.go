package policy

// ordinary are words that tell nothing of a vulnerability: those of everyday English, and those by which people are asked to
// prepare, update and wait. What a matter is about (a packet, a signature, a crash) is not among them.
var ordinary = stems(`
a able about above accept access accord account across act action active actual add addition address admin administrator advance
advice advise advisory affect after again against ago agree ahead aim alert align alike all allow almost alone along already also
although always am among an and announce announcement another answer any anybody anymore anyone anything anyway anywhere
apart apologise apologize app appear apply appreciate approach appropriate approve april are area around arrange arrive
article as ask assume at attention august author automatic automatically available average avoid await aware away back backup
bad base basic be bear because become been before begin beginning behind being believe below best better between beyond big bin
binary bit block board book both bottom branch break brief briefly bring broad build building busy but button buy by calendar call
can cannot capacity care careful carry case catch cause caution central certain chain chance change changelog channel check
choice choose clean clear click client clock close cloud cluster code collect come comfortable coming command comment commit
common community company compare compatible complete component computer concern condition confirm connect connection consider
consist contact contain content continue contribute contributor control convenient cooperation coordinate coordinated copy core
correct cost could count country couple course cover create critical current currently custom customer cut daily data database
date day deal dear december decide decision dedicated deep default define definitely delay deliver delivery depend deploy
deployment describe description design desk detail determine developer development device did differ difference different
difficult direct directly directory disclose disclosure discord discuss distribute distribution do docker document documentation
does doing done door double doubt down download downtime draft drive drop due duration during each earlier earliest early easier
easily easy edition effect effective effort eight eighteen eighth either eleven else email emergency employee empty enable end
engineer english enough ensure enter entire entirely entry environment equal especially estimate estimated etc even evening event
eventually ever every everybody everyone everything everywhere exact exactly example except excuse exist expect expected
experience explain explanation extend extra eye face fact fail fair fall familiar family far fast faster fault feature february feel few
fewer field fifteen fifth fifty figure file final finally find fine finish first fit five fix fixed fleet flow folder follow
following for forget form former forty forum forward found four fourteen fourth free freeze friday friend from front full fully
function further future gain general generally get getting github gitlab give given glad go goal going gone good grant great group
grow guide had half halt hand handle happen happy hard has have having he head health healthy hear heavy held help helpful hence
her here high higher highest highly him his hold holiday home hope host hosting hotfix hour how however hundred idea if image
immediate immediately impact impacted important improve in include including inconvenience increase indeed inform information
initial inside install installation instance instead instruct instruction intend intended interest interim internal internet
interrupt interruption into introduce involve is issue it item its itself january join july june just keep kept key kind know
knowledge known large larger last late later latest latter launch lead learn least leave left legal less let level light like
likely limit limited line link linux list listen little live load local locate location log long longer look lose lot low lower
lowest lunch mac machine macos made mail main mainly mainnet maintain maintainer maintenance major make making manage manager
manual manually many march mark master match matter maximum may maybe me mean means meanwhile meant medium meet meeting member
mention message method mid middle midnight might mind minimal minimum minor minute miss mitigation mode moderate modern moment monday
monitor month monthly more moreover morning most mostly move much must my myself name namely near nearly necessary need neither
network never nevertheless new newer newest news newsletter next nice night nine ninety no nobody node non none noon nor normal
normally north not note nothing notice notification notify november now nowhere number object observe obtain obvious occur october
of off offer office official offline often ok okay old older on once one ongoing online only onto open operate operating operation
operator option optional or order ordinary organisation organization original other otherwise our ours ourselves out outage
outcome outside over overall own owner package page part partial participate particular partly partner party pass past patch
patience pause people per percent perform performance perhaps period person phase phone pick piece place plan planned planning
platform please plus point policy position possible possibly post postpone postponed potential practice precise prefer prepare
prepared preparation present press prevent previous previously primary prior priority private probably problem procedure proceed process
produce product production programme program progress project promise prompt promptly proper properly protect provide provider public
publication publicly publish pull purpose push put quarter question quick quickly quiet quite raise range rather reach react read
reader ready real realise realize really reason reboot rebuild receive recent recently recommend recommended recommendation record
recover recovery reduce refer reference regard regards region register regular regularly relate release released relevant reload
remain remaining remember remind reminder remove repeat replace replacement reply report repository request require required
requirement reschedule resolve resource respect respond response responsible rest restart result resume return review revise right risk
role roll rollback rolling rollout room round routine run running safe safely safety same saturday save say schedule scheduled
scope second secondary section secure security see seem seen select self send sense sensitive sent separate september sequence
serious server serve service session set setting setup seven seventeen seventh several severe severity shall share she sheet short
shortly should show shut shutdown side sign similar simple simply since single site situation six sixteen sixth size skip slack slight
slightly slot slow small smooth snapshot so software solution solve some somebody someone something sometimes somewhat somewhere
soon sorry sort source south space special specific spend stable staff stage staging stand standard standby start state statement
station status stay step still stop storage store straight strict strong strongly subject submit subscribe subsequent such sudden
sufficient suggest suit summary sunday supply support supported sure surprise swap switch sync synced synchronise synchronize system table tag take
taken talk target task team technical telegram tell temporary temporarily ten term test testing testnet than thank thanks that the
their them themselves then there thereby therefore these they thing think third thirteen thirty this those though thought thousand
three through throughout thursday thus ticket tight time timeframe timeline timing timezone title to today together tomorrow
tonight too tool top topic total touch toward towards track transition transparency tried true trust try tuesday turn twelve twenty twice
twitter two type typical typically under understand understanding understood unfortunately unless unlikely until unusual up
upcoming update updated upgrade upon urge urgent urgently us usage use used useful user usual usually utc valid validator value
various vendor verify version very via view visit volunteer vote vulnerability wait want warn warning was watch way we website
wednesday week weekday weekend weekly weigh welcome well went were west what whatever when whenever where whereas wherever whether
which while who whoever whole whom whose why wide widely will window windows wish with within without word work worker working
workstation world worry would write wrong year yellow yes yesterday yet you your yours yourself zero zone
`)

// stems are the words of a list, without their endings.
func stems(list string) map[string]bool {
	all := map[string]bool{}
	for _, word := range wordsOf(list) {
		all[stem(word)] = true
	}
	return all
}
