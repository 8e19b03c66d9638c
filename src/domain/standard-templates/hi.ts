/** Hindi: polite (आप), in everyday words; worded so that no verb shows the patient's gender. The time filter writes `सुबह 10:30`. */
import { replyWords, type Wordings } from './wording.ts'

const { confirm, cancel, stop, start } = replyWords.hi

const place = '{% if place %}, {{ place }}{% endif %}'
const visitTime = '{{ start | day }} को {{ start | time }} बजे'
const shortTime = '{{ start | day }}, {{ start | time }} बजे'
const ofVisit = `{% if start %} ${visitTime}{% endif %}`
const visitLines = `समय: ${shortTime}
स्थान: {{ clinic }}${place}{% if practitioner %}
किनसे मिलना है: {{ practitioner }}{% endif %}`

export const hindi: Wordings['hi'] = {
  'visit-reminder': {
    sms: {
      body: `नमस्ते {{ patient }}, {{ clinic }}${place} में ${shortTime} आपका अपॉइंटमेंट है। पुष्टि: ${confirm}, रद्द: ${cancel}, संदेश बंद: ${stop}`,
    },
    whatsapp: {
      body: `नमस्ते {{ patient }}, आपके अपॉइंटमेंट की याद दिला रहे हैं:

${visitLines}

पुष्टि के लिए ${confirm} और रद्द करने के लिए ${cancel} भेजें।
संदेश बंद करने के लिए ${stop} लिखें।`,
    },
    email: {
      subject: '{{ clinic }} में {{ start | day }} को आपका अपॉइंटमेंट',
      body: `नमस्ते {{ patient }},

आपके अपॉइंटमेंट की याद दिला रहे हैं:

${visitLines}

पुष्टि के लिए ${confirm}, रद्द करने के लिए ${cancel} और संदेश बंद करने के लिए ${stop} लिखकर उत्तर दें।

सादर
{{ clinic }}`,
    },
  },
  'visit-reminder-several': {
    sms: {
      body: `{{ patient }} के अपॉइंटमेंट: {{ clinic }}${place}, {{ start | day }}, {{ start | time }} और {{ others | times }}। पहला: पुष्टि ${confirm}, रद्द ${cancel}, संदेश बंद: ${stop}`,
    },
    whatsapp: {
      body: `नमस्ते {{ patient }}, एक ही दिन के आपके अपॉइंटमेंट की याद दिला रहे हैं:

${visitLines}

उसी दिन फिर: {{ others | times }} बजे

पहले अपॉइंटमेंट की पुष्टि के लिए ${confirm} और उसे रद्द करने के लिए ${cancel} भेजें।
संदेश बंद करने के लिए ${stop} लिखें।`,
    },
    email: {
      subject: '{{ clinic }} में {{ start | day }} को आपके अपॉइंटमेंट',
      body: `नमस्ते {{ patient }},

एक ही दिन के आपके अपॉइंटमेंट की याद दिला रहे हैं:

${visitLines}

उसी दिन फिर: {{ others | times }} बजे

पहले अपॉइंटमेंट की पुष्टि के लिए ${confirm}, उसे रद्द करने के लिए ${cancel} और संदेश बंद करने के लिए ${stop} लिखकर उत्तर दें।

सादर
{{ clinic }}`,
    },
  },
  'visit-reminder-confirmed': {
    sms: {
      body: `नमस्ते {{ patient }}, {{ clinic }}${place} में ${shortTime} हमें आपका इंतज़ार रहेगा। संदेश बंद: ${stop}`,
    },
    whatsapp: {
      body: `नमस्ते {{ patient }}, हमें आपका इंतज़ार रहेगा:

${visitLines}

संदेश बंद करने के लिए ${stop} लिखें।`,
    },
    email: {
      subject: '{{ clinic }} में {{ start | day }} को आपका अपॉइंटमेंट',
      body: `नमस्ते {{ patient }},

हमें आपका इंतज़ार रहेगा:

${visitLines}

संदेश बंद करने के लिए ${stop} लिखकर उत्तर दें।

सादर
{{ clinic }}`,
    },
  },
  'visit-reminder-one-way': {
    sms: {
      body: `नमस्ते {{ patient }}, {{ clinic }}${place} में ${shortTime} आपका अपॉइंटमेंट है। बदलने के लिए हमें फ़ोन करें।`,
    },
  },
  'reply-confirmed': answer(
    'हमें आपका इंतज़ार रहेगा',
    `धन्यवाद।${ofVisit} {{ clinic }} में आपका आना हमने दर्ज कर लिया है।`,
  ),
  'reply-cancel-staff': answer(
    'हमने स्टाफ़ को बता दिया है',
    `धन्यवाद। हमने {{ clinic }} के स्टाफ़ को बता दिया है कि${ofVisit} आपका आना नहीं हो पाएगा। वे इसे देख लेंगे।`,
  ),
  'reply-cancelled': answer(
    'आपका अपॉइंटमेंट रद्द हो गया है',
    `{{ clinic }} में${ofVisit} आपका अपॉइंटमेंट रद्द हो गया है। नया समय लेने के लिए कृपया हमसे संपर्क करें।`,
  ),
  'reply-stop': answer('संदेश बंद', `अब आपको {{ clinic }} से संदेश नहीं मिलेंगे। फिर पाने के लिए ${start} लिखें।`),
  'reply-start': answer('संदेश फिर से शुरू', `अब आपको {{ clinic }} से फिर संदेश मिलेंगे। बंद करने के लिए ${stop} लिखें।`),
  'reply-start-unknown': answer(
    'कृपया रिसेप्शन पर पूछें',
    'धन्यवाद। {{ clinic }} से संदेश पाने के लिए कृपया रिसेप्शन पर पूछें।',
  ),
  'reply-help': answer(
    'मदद',
    `{{ clinic }} से अपॉइंटमेंट के संदेश।{% if phone %} सवाल: {{ phone }}।{% endif %} बंद करने के लिए ${stop} लिखें। आपात स्थिति में आपातकालीन नंबर पर कॉल करें।`,
  ),
}

/** Short answers are the same everywhere; only e-mail opens and closes like a letter. */
function answer(subject: string, text: string) {
  return {
    sms: { body: text },
    whatsapp: { body: text },
    email: { subject: `${subject} – {{ clinic }}`, body: `नमस्ते,\n\n${text}\n\nसादर\n{{ clinic }}` },
  }
}
