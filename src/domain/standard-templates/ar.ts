/**
 * Arabic: Modern Standard, in the polite plural, which fits women and men. Every line begins with an Arabic letter,
 * so that phones set it from right to left; vowel marks are left out, because each is paid for in an SMS.
 */
import { replyWords, type Wordings } from './wording.ts'

const { confirm, cancel, stop, start } = replyWords.ar

const place = '{% if place %}، {{ place }}{% endif %}'
const visitTime = '{{ start | day }} الساعة {{ start | time }}'
const ofVisit = `{% if start %} يوم ${visitTime}{% endif %}`
const visitLines = `الموعد: ${visitTime}
المكان: {{ clinic }}${place}{% if practitioner %}
مع: {{ practitioner }}{% endif %}`

export const arabic: Wordings['ar'] = {
  'visit-reminder': {
    sms: {
      body: `مرحبا {{ patient }}، موعدكم في {{ clinic }}${place}: ${visitTime}. للتأكيد ${confirm}، للإلغاء ${cancel}، لوقف الرسائل: ${stop}`,
    },
    whatsapp: {
      body: `مرحبا {{ patient }}، نذكركم بموعدكم:

${visitLines}

للتأكيد أرسلوا ${confirm}، وللإلغاء أرسلوا ${cancel}.
لوقف هذه الرسائل أرسلوا: ${stop}`,
    },
    email: {
      subject: 'موعدكم في {{ clinic }} يوم {{ start | day }}',
      body: `مرحبا {{ patient }}،

نذكركم بموعدكم:

${visitLines}

للتأكيد أجيبوا بكتابة ${confirm}، وللإلغاء ${cancel}، ولوقف الرسائل: ${stop}

مع أطيب التحيات
{{ clinic }}`,
    },
  },
  'visit-reminder-several': {
    sms: {
      body: `مواعيد {{ patient }} في {{ clinic }}${place}: {{ start | day }} {{ start | time }} و{{ others | times }}. للأول: تأكيد ${confirm}، إلغاء ${cancel}. لوقف الرسائل: ${stop}`,
    },
    whatsapp: {
      body: `مرحبا {{ patient }}، نذكركم بمواعيدكم في يوم واحد:

${visitLines}

وفي اليوم نفسه، الساعة: {{ others | times }}

للموعد الأول: للتأكيد أرسلوا ${confirm}، وللإلغاء أرسلوا ${cancel}.
لوقف هذه الرسائل أرسلوا: ${stop}`,
    },
    email: {
      subject: 'مواعيدكم في {{ clinic }} يوم {{ start | day }}',
      body: `مرحبا {{ patient }}،

نذكركم بمواعيدكم في يوم واحد:

${visitLines}

وفي اليوم نفسه، الساعة: {{ others | times }}

للموعد الأول: للتأكيد أجيبوا بكتابة ${confirm}، وللإلغاء ${cancel}. ولوقف الرسائل: ${stop}

مع أطيب التحيات
{{ clinic }}`,
    },
  },
  'visit-reminder-confirmed': {
    sms: {
      body: `مرحبا {{ patient }}، نحن بانتظاركم في {{ clinic }}${place} يوم ${visitTime}. لوقف الرسائل: ${stop}`,
    },
    whatsapp: {
      body: `مرحبا {{ patient }}، نحن بانتظاركم:

${visitLines}

لوقف هذه الرسائل أرسلوا: ${stop}`,
    },
    email: {
      subject: 'موعدكم في {{ clinic }} يوم {{ start | day }}',
      body: `مرحبا {{ patient }}،

نحن بانتظاركم:

${visitLines}

لوقف الرسائل أجيبوا بكتابة: ${stop}

مع أطيب التحيات
{{ clinic }}`,
    },
  },
  'visit-reminder-one-way': {
    sms: {
      body: `مرحبا {{ patient }}، موعدكم في {{ clinic }}${place}: ${visitTime}. لتغيير الموعد يرجى الاتصال بنا.`,
    },
  },
  'reply-confirmed': answer('نحن بانتظاركم', `شكرا لكم. سجلنا أنكم ستحضرون إلى {{ clinic }}${ofVisit}.`),
  'reply-cancel-staff': answer(
    'أبلغنا الموظفين',
    `شكرا لإبلاغنا أنكم لن تتمكنوا من الحضور${ofVisit}. أبلغنا موظفي {{ clinic }} وسيتولون الأمر.`,
  ),
  'reply-cancelled': answer(
    'ألغي موعدكم',
    `تم إلغاء موعدكم في {{ clinic }}${ofVisit}. لحجز موعد آخر يرجى التواصل معنا.`,
  ),
  'reply-stop': answer(
    'توقفت الرسائل',
    `لن تصلكم رسائل أخرى من {{ clinic }}. لاستلامها من جديد أرسلوا: ${start}`,
  ),
  'reply-start': answer('عادت الرسائل', `ستصلكم رسائل {{ clinic }} من جديد. لوقفها أرسلوا: ${stop}`),
  'reply-start-unknown': answer(
    'يرجى مراجعة الاستقبال',
    'شكرا لكم. لاستلام رسائل {{ clinic }} يرجى مراجعة مكتب الاستقبال.',
  ),
  'reply-help': answer(
    'مساعدة',
    `تصلكم من {{ clinic }} رسائل عن مواعيدكم.{% if phone %} للاستفسار: {{ phone }}.{% endif %} لوقفها أرسلوا: ${stop}. في الحالات الطارئة اتصلوا برقم الطوارئ.`,
  ),
}

/** Short answers are the same everywhere; only e-mail opens and closes like a letter. */
function answer(subject: string, text: string) {
  return {
    sms: { body: text },
    whatsapp: { body: text },
    email: {
      subject: `${subject} – {{ clinic }}`,
      body: `مرحبا،\n\n${text}\n\nمع أطيب التحيات\n{{ clinic }}`,
    },
  }
}
