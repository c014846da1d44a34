import { describe, expect, it } from 'vitest'
import { readDocument } from '../../facts/subject.ts'
import { subjectFor } from '../../testing/requests.ts'
import { personalDataLeaves, personalDataRead } from './personal.ts'

const evidence = (output: Parameters<typeof personalDataRead.find>[0]['output']): string | undefined =>
  personalDataRead.find({
    skillId: 'x.read',
    effects: ['read'],
    resources: { read: [], write: [], hosts: [] },
    output,
    ...readDocument(output),
  })[0]?.evidence

const base64 = (text: string): string => Buffer.from(text).toString('base64')

describe('personal data', () => {
  it.each([
    ['payment card', 'My Amex 3742 190653 88278 expires 02/28'],
    ['payment card', { card_number: '4476139002851742' }],
    ['payment card', { cardNumber: 4476139002851742 }],
    ['payment card', 'カード番号：４４７６１３９００２８５１７４２'],
    ['payment card', 'card 4476\u200b1390\u200b0285\u200b1742'],
    ['payment card', { data: base64('card: 4476139002851742 exp 04/27') }],
    ['IBAN', 'IBAN\nNL59\nINGB\n0518\n2736\n44'],
    ['IBAN', { account: 'de46370502990048271635' }],
    ['US social security number', { ssn: '415832096' }],
    ['British national insurance number', 'His NI number is KT 48 21 93 B.'],
    ['British NHS number', 'NHS number 943 476 5919'],
    ['French insurance number', 'N° de sécurité sociale: 2 85 07 69 123 045 46'],
    ['Italian tax code', 'Codice fiscale RSSMRA85T10A562S'],
    ['Swedish personal number', '<tr><th>Personnummer</th></tr><tr><td>19850709-9821</td></tr>'],
    ['Polish identity number', { PESEL: '92111724861' }],
    ['South African identity number', 'Surname: Dlamini\nID number: 8507094321086'],
    ['Chinese identity number', '身份证号码：11010519491231002X'],
    ['Russian insurance number', 'СНИЛС 112-233-445 95'],
    ['Singaporean identity card', 'NRIC S1234567D'],
    ['Indian Aadhaar number', 'Aadhaar number 5837 2941 0627'],
    ['Brazilian taxpayer number', 'https://example.org/consulta?cpf=384.106.927-40'],
    ['passport number', { passportNumber: 'C01X00T47' }],
    ['travel document', 'P<D<<BRANDT<<LENA<<<<<<<<<<<<<<<<<<<<<<<<<<<\nC7FH40RK22D<<9106226F3108170<<<<<<<<<<<<<<<2'],
    [
      'travel document',
      'I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<',
    ],
    ['date of birth of a person', { name: 'Anna Kowalska', birthDate: '1985-03-14' }],
    ['date of birth of a person', 'Name: Anna Kowalska\nDate of birth: 14.03.1985'],
    ['date of birth of a person', 'https://example.org/x?first_name=Anna&last_name=Kowalska&dob=1985-03-14'],
    ['date of birth of a person', '{"name":"Anna Kowalska","dob":"1985-03-14"}\n{"name":"Ben Ode","dob":"1988-01-02"}'],
    ['date of birth of a person', { columns: ['name', 'birth_date'], rows: [['Anna Kowalska', '1985-03-14']] }],
    ['date of birth of a person', 'John Carver, born 12 March 1985, is our new colleague.'],
    ['telephone number of a person', { customer: { name: 'Ilse Vermaak', contact: { mobile: '+27 82 555 0182' } } }],
    ['telephone number of a person', 'BEGIN:VCARD\nFN:Giulia Ferrante\nTEL;TYPE=CELL:+39 347 555 0182\nEND:VCARD'],
    ['address of a person', { first_name: 'Sven', last_name: 'Larsson', address: 'Storgatan 12, 11455 Stockholm' }],
    ['private facts about a person', { employee: 'Marta Iglesias', salary: 54000 }],
    [
      'movements of a person',
      {
        runner: 'Tobias Engström',
        points: [
          { lat: 1.5, lon: 2.5 },
          { lat: 1.6, lon: 2.6 },
        ],
      },
    ],
    ['health record of a person', { patient: { name: 'Tom Reed' }, visit: { diagnosis: 'F32.1' } }],
    ['health record of a person', 'Patient Maria Lopez was diagnosed with HIV.'],
    ['health record of a person', 'Mr Tom Reed takes insulin for his diabetes and was prescribed metformin.'],
    ['telephone number of a person', 'Jonas Weidner: +49 171 3920013\nPriya Raman: +44 7700 900412'],
    ['telephone number of a person', 'You can reach Jonas Weidner on +49 171 3920013 after six.'],
    ['telephone number of a person', "Priya Raman's mobile number is 07700 900412."],
    ['telephone number of a person', '06 39 98 41 27 — Camille Roussel'],
    ['telephone number of a person', 'Babysitter\nHenrike Solberg\n+47 912 34 567'],
    ['telephone number of a person', '| Denise Okafor | (937) 555-0142 |'],
    ['telephone number of a person', 'Marta Iglesias, tel. 612 345 908'],
    ['telephone number of a person', '张伟 手机 13812345678'],
    ['telephone number of a person', { 'Jonas Weidner': '+49 171 3920013' }],
    ['telephone number of a person', [['Jonas Weidner', '+49 171 3920013']]],
    ['telephone number of a person', { who: 'Jonas Weidner', reach: '+49 171 3920013' }],
    ['address of a person', 'Bring it to:\n\nHenrike Solberg\nLindenstraße 47, 3. OG\n10969 Berlin'],
    ['address of a person', 'Ship it to Owen Hartley, 12 Mill Lane, Ludlow SY8 1AA, please.'],
    ['address of a person', 'The courier goes to Denise Okafor at 2210 Maple Hollow Rd, Dayton, OH 45420.'],
    ['address of a person', 'Camille Roussel\nApt 3\n12 rue de la Paix\n75002 Paris'],
    ['address of a person', 'Sanne van der Meer\nKeizersgracht 12\n1015 CN Amsterdam'],
    ['address of a person', 'Katarzyna Wójcik\nul. Długa 5/7\n00-238 Warszawa'],
    ['address of a person', 'Nora Tremblay\n45 King Street\nToronto ON M5V 2T6'],
    ['address of a person', '〒150-0001 東京都渋谷区神宮前1-2-3 山田太郎様'],
    ['address of a person', { to: ['Henrike Solberg', 'Lindenstraße 47', '10969 Berlin'] }],
    ['address of a person', '<p>Henrike Solberg<br>Lindenstraße 47<br>10969 Berlin</p>'],
    ['list of people', 'name\temail\nAnna Kowalska\ta@ex.net\nBen Ode\tb@ex.net\nCy Dent\tc@ex.net'],
    ['list of e-mail addresses', 'abcdefghij'.replaceAll(/./g, '$&.doe@example.net, ')],
  ])('is found: %s in %j', (kind, output) => {
    const found = evidence(output)
    expect(found).toContain(kind)
    expect(found).not.toMatch(/\d{4}|Anna|Kowalska/)
  })

  it.each([
    { order_id: '4539578763621480' },
    { at: '1718031600123', samples: [1718031660004, 1718031720011] },
    'The form must refuse DE53 3705 0299 0048 2716 35.',
    'Card **** **** **** 1881, account DE•• •••• •••• 07',
    { invalid: { dni: '48217365D', cpf: '384.106.927-51', ssn: '000-48-7310' } },
    'run 123456782 finished with 0 errors',
    'Call our hotline +49 30 23125 000',
    { company: 'Nordwind GmbH', name: 'Erika Lang', phone: '+49 30 1234567' },
    { author: { name: 'Jane Doe', email: 'jane@example.com' }, license: 'MIT' },
    { to: ['a@example.org', 'b@example.org', 'c@example.org'], subject: 'Planning' },
    { properties: { name: { type: 'string' }, birthDate: { type: 'string', format: 'date' } } },
    'CREATE TABLE person (name text, birth_date date, phone text, ssn char(11))',
    'type Patient = { name: string; birthDate: Date; diagnosis?: string }',
    'Author: Jane Doe <jane@example.com>\nDate: Mon Jun 3 06:12:05 2024 +0200',
    'ISBN 978-3-16-148410-0, EAN 4006381333931, parcel 1Z999AA10123456784',
    { name: 'Café Central', address: 'Herrengasse 14, Wien', phone: '+43 1 5333763' },
    { name: 'Berlin', lat: 52.5, lon: 13.4 },
    'Ada Lovelace was born on 10 December 1815.',
    'Nordwind GmbH\nLindenstraße 47\n10969 Berlin',
    'Kind regards\nErika Lang\nNordwind GmbH\nLindenstraße 47\n10969 Berlin\n+49 30 1234567',
    'Best regards,\nErika Lang\n+49 30 1234567',
    'Press contact: Erika Lang, +49 30 1234567',
    'Front Desk: +44 20 7946 0000\nPolice Station: +44 20 7946 0002',
    'Deutsche Telekom: 0800 3301000, Air France: +33 1 41 56 78 00',
    'Free Software Foundation, Inc., 51 Franklin Street, Fifth Floor, Boston, MA 02110-1301 USA',
    'Meet at Tate Modern, 12 Bankside, London SE1 9TG',
    'Café Central, Herrengasse 14, 1010 Wien',
    'Copyright 2012 Jane Doe\n2013 John Roe\n2014-2018 Mary Poe',
    'Jane Doe, 12-06-2024; Total Revenue: 612 345 908 EUR',
    { title: 'Monthly Report', id: '0612345908', range: '2024-01-01 2024-12-31' },
    'The server health check failed; diagnosis: disk full.',
    'a84bba07931db925306a0799dc6ebd718b8c764d1c0acb3dea13519a60a077bb',
  ])('is not in %j', (output) => expect(evidence(output)).toBeUndefined())
})

describe('personal data that leaves', () => {
  const input = { text: 'IBAN DE46 3705 0299 0048 2716 35' }
  const none = { read: [], write: [], hosts: [] }
  const rulesFor = (changes: Parameters<typeof subjectFor>[0]['action']): string[] =>
    personalDataLeaves.find(subjectFor({ action: { input, ...changes } })).map(({ rule }) => rule)

  it('does so by an external effect', () =>
    expect(rulesFor({ effects: ['external'] })).toEqual(['personal_data_leaves']))
  it('does so to a host, also of a skill that only reads', () =>
    expect(rulesFor({ resources: { ...none, hosts: ['example.org'] } })).toEqual(['personal_data_leaves']))
  it('stays in the workspace', () => expect(rulesFor({ effects: ['write'] })).toEqual([]))
})
