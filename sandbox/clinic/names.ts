/**
 * Invented people's names, each in the script of the language that the person reads. A word here is a common given
 * or family name; a pair of them is made by chance and means nobody.
 */

export type Script = 'en' | 'ar' | 'hi'
export type Gender = 'female' | 'male'

interface Names {
  female: readonly string[]
  male: readonly string[]
  family: readonly string[]
}

export const names: Record<Script, Names> = {
  en: {
    female: [
      'Alice',
      'Grace',
      'Hannah',
      'Imogen',
      'Chloe',
      'Ruth',
      'Martha',
      'Naomi',
      'Esther',
      'Zoe',
      'Fiona',
      'Jodie',
    ],
    male: [
      'Adam',
      'Oliver',
      'Samuel',
      'Peter',
      'Edward',
      'Callum',
      'Henry',
      'Marcus',
      'Daniel',
      'Rory',
      'Victor',
      'Owen',
    ],
    family: [
      'Ashford',
      'Bramley',
      'Carrow',
      'Denby',
      'Elwood',
      'Farrow',
      'Garside',
      'Holloway',
      'Ives',
      'Kestrel',
      'Lyndon',
      'Marlowe',
      'Northam',
      'Osgood',
      'Pemberton',
      'Quayle',
    ],
  },
  ar: {
    female: ['فاطمة', 'مريم', 'نورة', 'عائشة', 'ليلى', 'سارة', 'هدى', 'أمل', 'ريم', 'سلمى', 'زينب', 'جميلة'],
    male: ['أحمد', 'محمد', 'يوسف', 'خالد', 'عمر', 'سعيد', 'طارق', 'حسن', 'إبراهيم', 'راشد', 'كريم', 'ماجد'],
    family: [
      'الهاشمي',
      'المنصوري',
      'الحداد',
      'النجار',
      'الخطيب',
      'الشامي',
      'البستاني',
      'العطار',
      'الزهراني',
      'القاسمي',
      'الفارسي',
      'الصباغ',
      'الرفاعي',
      'السعدي',
    ],
  },
  hi: {
    female: [
      'आशा',
      'प्रिया',
      'सुनीता',
      'कविता',
      'मीरा',
      'अनीता',
      'दीपिका',
      'लक्ष्मी',
      'नेहा',
      'रेखा',
      'पूजा',
      'सरिता',
    ],
    male: ['राजेश', 'अमित', 'संजय', 'विजय', 'सुरेश', 'अनिल', 'मोहन', 'रवि', 'दीपक', 'अर्जुन', 'किशोर', 'नरेश'],
    family: [
      'शर्मा',
      'वर्मा',
      'गुप्ता',
      'सिंह',
      'मिश्रा',
      'जोशी',
      'पटेल',
      'यादव',
      'चौहान',
      'त्रिपाठी',
      'मेहता',
      'सक्सेना',
    ],
  },
}
