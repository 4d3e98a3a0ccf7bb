"""The words by which pages say what a part of them is: in class names and ids, and at the beginning of short lines.

The languages are those of large parts of the web; a word that ends in `*` stands for all that begin so.
"""

import functools
from collections.abc import Iterator, Mapping

from goldsmith.refine.extraction.tags import Words, as_words

PREFIX_SHIFT = 32
"""Above this bit stand the meanings of words that begin so; below it those of the whole word."""

MARKS: Mapping[str, str] = {
    "article": "article* post postid* posts entry story artikel* beitrag beitrags* articulo* artigo* noticia* notizia*"
    " nota statya novost hentry single blogpost news nachricht meldung storytext articolo* berita",
    "content": "content contents body text main inhalt* contenu contenido* conteudo* contenuto testo texto* texte corpo"
    " cuerpo corps prose richtext* rich copy paragraph* markdown storybody postcontent entrycontent mce fulltext",
    "comment": "comment* disqus* respond reply replies kommentar* commentaire* comentario* commenti livefyre*"
    " discussion*"
    " feedback guestbook pinglist trackback* coral* fbcomments reactions leserbrief* opinion",
    "related": "relat* recommend* similar trending popular outbrain* taboola* mehr verwandt* latest recirc* next prev*"
    " suggest* teaser* recent* zergnet* most more also readmore zergentity onward* moreon explore linklist crosslink*"
    " weitere* lesen empfehl* leia leggi voir similares aussi read",
    "social": "share* sharing social* sharedaddy facebook twitter follow* teilen partag* addthis* addtoany whatsapp"
    " compart* pinterest linkedin likes like rating ratings vote votes condividi sns bookmark* shariff",
    "navigation": "nav navi navig* navbar* menu* breadcrumb* pagination pager paging topbar skip sitemap toolbar tabs"
    " tab search suche masthead subnav* megamenu jump toc dropdown links crumb*",
    "footer": "foot* fuss* fusszeile pied* copyright legal colophon imprint impressum contentinfo disclaimer bottom",
    "header": "header* head kopf* banner top logo site masthead* branding",
    "aside": "sidebar* side aside* rail widget* seitenleiste marginal* complementary right secondary column2 barre"
    " lateral"
    " infobox* factbox* box module panel pullquote inset sticky",
    "advert": "ad ads adv advert* adsense adslot* adsbygoogle* dfp* sponsor* promo* werbung anzeige* publicid*"
    " publicite"
    " pub partner* banner* commercial gpt reklama billboard* affiliate* shop product* buy deal*",
    "about": "meta metadata byline* author* date time timestamp* tag tags tagged category* categories autor* datum"
    " kategorie* published posted posting info dateline credit* source bio profile* kicker label* postmeta contributor*"
    " fecha auteur tagcloud topics topic keywords licence license reprint*",
    "media": "caption* figure figcaption gallery* galerie* image* img photo* foto* bild* media video* player*"
    " slideshow*"
    " carousel* slide* slider* picture* thumb* icon* audio bildunterschrift legenda legende pie swiper embed*"
    " lightbox*",
    "join": "newsletter* subscri* signup sign signin login* log register* registr* paywall* abo donat* account"
    " form* email"
    " modal* popup* overlay* dialog* cookie* consent* gdpr* notice* alert* spenden cta optin mailing* mc4wp* piano"
    " toast",
    "title": "title* headline* heading* subtitle* titel* ueberschrift titre titulo* dek deck subheadline* subhead* hed",
    "summary": "summary lead lede intro* standfirst excerpt* abstract teasertext vorspann chapo description desc"
    " highlights keypoints takeaways",
    "hidden": "hidden hide invisible visuallyhidden* sr print screenreader noprint offscreen collapsed none accessib*",
    "listing": "list* grid* feed* stream* archive* card* item items river tile* results index loop collection*",
    "exact-body": "articlebody",
}
"""What the words of class names, ids, roles and item properties speak for."""

CUES: Mapping[str, str] = {
    "related": "related* more read see also recommend* trending popular latest mehr lesen weitere* ähnliche* lesetipp"
    " leia mais ver también lire aussi leggi anche читайте також también voir watch recent previous next vorherig*"
    " nächster ältere neuere siguiente anterior précédent suivant près most you like click here continue weiterlesen",
    "comment": "comment* kommentar* comentar* commentaire* commenti reply replies responses respond antwort* thoughts"
    " leave pingback trackback комментар* discussion join conversation says sagt",
    "share": "share* tweet facebook twitter pinterest whatsapp teilen compart* partag* follow email e-mail print"
    " drucken"
    " linkedin reddit telegram condividi instagram youtube folgen flipboard поделиться rss",
    "legal": "copyright © rights reserved terms privacy cookie* datenschutz* impressum rechte agb all derechos direitos"
    " imprint disclaimer contact kontakt about",
    "join": "subscri* newsletter* sign login log register* abonn* anmeld* registr* inscri* signup donate spenden"
    " support"
    " join free download get receive join einloggen",
    "advert": "advert* sponsor* anzeige* werbung publicid* publicité promo* shop buy deal* sale kaufen affiliate*"
    " реклама ad amazon",
    "about": "by von author* autor* published updated posted veröffentlicht geschrieben erstellt verfasst publicado por"
    " par di written edited filed tags tagged tag topics kategorie* category categories schlagw* stichw* last am on in"
    " автор опубликовано modified",
    "media": "photo* image* foto* bild* picture getty credit* source* quelle* courtesy reuters shutterstock ap afp"
    " video*"
    " watch play gallery slideshow caption file crédit фото",
}
"""What the words of a line speak for, when it is not a sentence of the text but stands around it."""

MARK_BITS = {name: 1 << number for number, name in enumerate(MARKS)}
CUE_BITS = {name: 1 << number for number, name in enumerate(CUES)}


@functools.cache
def marks() -> Words:
    """The table of class words."""
    return as_words(_bits(MARKS, MARK_BITS))


@functools.cache
def cues() -> Words:
    """The table of line words."""
    return as_words(_bits(CUES, CUE_BITS))


def _bits(groups: Mapping[str, str], bits: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    for name, words in groups.items():
        for word in words.split():
            yield word.rstrip("*"), bits[name] << PREFIX_SHIFT if word.endswith("*") else bits[name]
