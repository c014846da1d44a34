import { foreignPhrases } from '../signal.ts'

const G = '(?:[^.!?\\n]|\\.(?=[\\w]))'

/** Phrases in Turkish, whose verbs come last. */
export const TURKISH = foreignPhrases([
  [
    'override',
    1,
    `(?:önceki|daha önceki|yukarıdaki|tüm|bütün|eski|mevcut|sistem|sana verilen|aldığın|şimdiye kadarki)\\s+(?:(?:önceki|tüm|bütün|yukarıdaki|eski|mevcut|sistem|verilen|diğer|ve|güvenlik)\\s+){0,4}(?:talimat\\p{L}*|yönerge\\p{L}*|komut\\p{L}*|kural\\p{L}*|emir\\p{L}*|emri\\p{L}*|istem\\p{L}*)\\s+(?:\\p{L}+\\s+){0,3}?(?:yok ?say|görmezden gel|unut|göz ?ardı et|dikkate alma|boş ?ver|umursama|iptal et|bir kenara bırak|geçersiz)`,
  ],
  [
    'override',
    0.8,
    '(?:her ?şeyi|söylenenleri|anlatılanları) (?:unut|yok say|görmezden gel)|yeni (?:talimat\\p{L}*|görev\\p{L}*|yönerge\\p{L}*|emir\\p{L}*)\\s*:',
  ],
  [
    'address',
    0.5,
    '(?:yapay zek[aâ]|yz)(?:\\s+(?:asistan|ajan|model|sistem|araç|bot)\\p{L}*)?|dil model\\p{L}*|(?:sevgili|dikkat|sayın)[\\s:,]+(?:asistan|ajan|bot|model)|(?:bir )?(?:asistan|ajan|bot|llm)\\p{L}* (?:isen|iseniz|ysan|okuyorsan)|asistan(?:a|lara)? not',
  ],
  [
    'role',
    0.5,
    '(?:artık|şimdi|bundan böyle|şu andan itibaren) (?:sen )?(?:bir |kısıtlamasız |sınırsız )|(?:kısıtlama|sınır|filtre)(?:sız|lar olmadan|lama olmadan)|(?:geliştirici|yönetici|bakım|hata ayıklama) mod\\p{L}*',
  ],
  [
    'secrecy',
    0.6,
    `kullanıcı(?:ya|yı|nın|ya da|lara)?\\s${G}{0,40}(?:söyleme|bahsetme|bildirme|haber verme|bilgilendirme|sorma|gösterme|açıklama(?=[.!,;]|$)|belli etme|haberi olma)|(?:kimseye|hiç kimseye)\\s${G}{0,20}(?:söyleme|bahsetme|bildirme|anlatma|haber verme)|(?:gizlice|sessizce|onay (?:almadan|istemeden|beklemeden)|sormadan|haber vermeden|bildirmeden|söylemeden)`,
  ],
  [
    'leak',
    0.6,
    `(?:şifre|parola|anahtar|jeton|token|kimlik bilgi|gizli|sistem (?:istem|talimat|mesaj|komut)|konuşma|sohbet|geçmiş|ortam değişken|veri|kişi listesi|rehber|e-posta)\\p{L}*\\s${G}{0,70}(?:gönder|yolla|ilet|paylaş|yazdır|göster|açıkla|kopyala|yükle|ekle|ver|aktar|sızdır)\\p{L}*`,
  ],
  [
    'deed',
    0.5,
    `(?:tüm|bütün|hesab|fatura|ödeme|yedek|sipariş|talep|istek|para|tutar|bakiye)\\p{L}*\\s${G}{0,40}(?:sil|onayla|öde|aktar|iade et|havale et|kapat|devre dışı bırak|iptal et|işaretle|satın al)(?![\\p{L}]*(?:mak|mek|ma(?:yın)?|me(?:yin)?)\\b)\\p{L}*`,
  ],
  [
    'authority',
    0.5,
    '(?:yönetici|geliştirici|sistem|güvenlik ekib|operatör)\\p{L}*\\s+(?:mesaj|talimat|bildirim|emr|not|duyuru)\\p{L}*',
  ],
  [
    'ranking',
    0.6,
    `(?:en iyi|en yüksek|birinci|olumlu|tam puan|10\\/10|beş yıldız|5 yıldız|mükemmel)\\s?${G}{0,40}(?:öner|puanla|sırala|değerlendir|olduğunu söyle|ver(?!i)|göster|listele)\\p{L}*|(?:kusur|eksik|hata|sorun|olumsuz)\\p{L}*\\s${G}{0,20}(?:bahsetme|belirtme|yazma|söyleme)`,
  ],
  [
    'memory',
    0.5,
    'bundan (?:sonra|böyle)|şu andan itibaren|gelecekteki (?:tüm|bütün)|(?:hafızana|belleğine|aklına)|hatırla(?![\\p{L}])|unutma:|kaydet(?![\\p{L}])',
  ],
  [
    'reply',
    0.5,
    `(?:sadece|yalnızca)\\s${G}{0,40}(?:yanıt|cevap|yaz)\\p{L}*|kullanıcıya\\s${G}{0,60}(?:söyle|de(?![\\p{L}])|bildir|ilet|öner)(?!me)\\p{L}*|(?:yanıt|cevap) vermeden önce|devam etmeden önce`,
  ],
])
