//! The named characters of HTML that occur in names.
//!
//! In: a name between `&` and `;`. Out: its character. Letters of Latin scripts, punctuation and spaces; names as the HTML standard
//! lists them, sorted, so that a look-up is a binary search.

pub const NAMED: &[(&str, &str)] = &[
    ("AElig", "Æ"), ("Aacute", "Á"), ("Abreve", "Ă"), ("Acirc", "Â"), ("Agrave", "À"), ("Amacr", "Ā"), ("Aogon", "Ą"),
    ("Aring", "Å"), ("Atilde", "Ã"), ("Auml", "Ä"), ("Cacute", "Ć"), ("Ccaron", "Č"), ("Ccedil", "Ç"), ("Ccirc", "Ĉ"),
    ("Cdot", "Ċ"), ("Dcaron", "Ď"), ("Dstrok", "Đ"), ("ENG", "Ŋ"), ("ETH", "Ð"), ("Eacute", "É"), ("Ecaron", "Ě"),
    ("Ecirc", "Ê"), ("Edot", "Ė"), ("Egrave", "È"), ("Emacr", "Ē"), ("Eogon", "Ę"), ("Euml", "Ë"), ("Gbreve", "Ğ"),
    ("Gcedil", "Ģ"), ("Gcirc", "Ĝ"), ("Gdot", "Ġ"), ("Hcirc", "Ĥ"), ("Hstrok", "Ħ"), ("IJlig", "Ĳ"), ("Iacute", "Í"),
    ("Icirc", "Î"), ("Idot", "İ"), ("Igrave", "Ì"), ("Imacr", "Ī"), ("Iogon", "Į"), ("Itilde", "Ĩ"), ("Iuml", "Ï"),
    ("Jcirc", "Ĵ"), ("Kcedil", "Ķ"), ("Lacute", "Ĺ"), ("Lcaron", "Ľ"), ("Lcedil", "Ļ"), ("Lmidot", "Ŀ"), ("Lstrok", "Ł"),
    ("Nacute", "Ń"), ("Ncaron", "Ň"), ("Ncedil", "Ņ"), ("Ntilde", "Ñ"), ("OElig", "Œ"), ("Oacute", "Ó"), ("Ocirc", "Ô"),
    ("Odblac", "Ő"), ("Ograve", "Ò"), ("Omacr", "Ō"), ("Oslash", "Ø"), ("Otilde", "Õ"), ("Ouml", "Ö"), ("Racute", "Ŕ"),
    ("Rcaron", "Ř"), ("Rcedil", "Ŗ"), ("Sacute", "Ś"), ("Scaron", "Š"), ("Scedil", "Ş"), ("Scirc", "Ŝ"), ("THORN", "Þ"),
    ("Tcaron", "Ť"), ("Tcedil", "Ţ"), ("Tstrok", "Ŧ"), ("Uacute", "Ú"), ("Ubreve", "Ŭ"), ("Ucirc", "Û"), ("Udblac", "Ű"),
    ("Ugrave", "Ù"), ("Umacr", "Ū"), ("Uogon", "Ų"), ("Uring", "Ů"), ("Utilde", "Ũ"), ("Uuml", "Ü"), ("Wcirc", "Ŵ"),
    ("Yacute", "Ý"), ("Ycirc", "Ŷ"), ("Yuml", "Ÿ"), ("Zacute", "Ź"), ("Zcaron", "Ž"), ("Zdot", "Ż"), ("aacute", "á"),
    ("abreve", "ă"), ("acirc", "â"), ("acute", "\u{b4}"), ("aelig", "æ"), ("agrave", "à"), ("amacr", "ā"), ("amp", "&"),
    ("angst", "Å"), ("aogon", "ą"), ("apos", "'"), ("aring", "å"), ("atilde", "ã"), ("auml", "ä"), ("cacute", "ć"),
    ("ccaron", "č"), ("ccedil", "ç"), ("ccirc", "ĉ"), ("cdot", "ċ"), ("comma", ","), ("dcaron", "ď"), ("dstrok", "đ"),
    ("eacute", "é"), ("ecaron", "ě"), ("ecirc", "ê"), ("edot", "ė"), ("egrave", "è"), ("emacr", "ē"), ("eng", "ŋ"),
    ("eogon", "ę"), ("eth", "ð"), ("euml", "ë"), ("fnof", "ƒ"), ("gacute", "ǵ"), ("gbreve", "ğ"), ("gcirc", "ĝ"), ("gdot", "ġ"),
    ("gt", ">"), ("hcirc", "ĥ"), ("hstrok", "ħ"), ("hyphen", "\u{2010}"), ("iacute", "í"), ("icirc", "î"), ("igrave", "ì"),
    ("ijlig", "ĳ"), ("imacr", "ī"), ("imath", "ı"), ("imped", "Ƶ"), ("inodot", "ı"), ("iogon", "į"), ("itilde", "ĩ"),
    ("iuml", "ï"), ("jcirc", "ĵ"), ("jmath", "ȷ"), ("kcedil", "ķ"), ("kgreen", "ĸ"), ("lacute", "ĺ"), ("lbrack", "["),
    ("lcaron", "ľ"), ("lcedil", "ļ"), ("lmidot", "ŀ"), ("lpar", "("), ("lsquo", "\u{2018}"), ("lstrok", "ł"), ("lt", "<"),
    ("mdash", "\u{2014}"), ("micro", "µ"), ("nacute", "ń"), ("napos", "ŉ"), ("nbsp", "\u{a0}"), ("ncaron", "ň"),
    ("ncedil", "ņ"), ("ndash", "\u{2013}"), ("ntilde", "ñ"), ("oacute", "ó"), ("ocirc", "ô"), ("odblac", "ő"), ("oelig", "œ"),
    ("ograve", "ò"), ("omacr", "ō"), ("ordf", "ª"), ("ordm", "º"), ("oslash", "ø"), ("otilde", "õ"), ("ouml", "ö"),
    ("period", "."), ("prime", "\u{2032}"), ("quot", "\""), ("racute", "ŕ"), ("rbrack", "]"), ("rcaron", "ř"), ("rcedil", "ŗ"),
    ("rpar", ")"), ("rsquo", "\u{2019}"), ("sacute", "ś"), ("scaron", "š"), ("scedil", "ş"), ("scirc", "ŝ"), ("shy", "\u{ad}"),
    ("sol", "/"), ("szlig", "ß"), ("tcaron", "ť"), ("tcedil", "ţ"), ("thorn", "þ"), ("tstrok", "ŧ"), ("uacute", "ú"),
    ("ubreve", "ŭ"), ("ucirc", "û"), ("udblac", "ű"), ("ugrave", "ù"), ("umacr", "ū"), ("uogon", "ų"), ("uring", "ů"),
    ("utilde", "ũ"), ("uuml", "ü"), ("wcirc", "ŵ"), ("yacute", "ý"), ("ycirc", "ŷ"), ("yuml", "ÿ"), ("zacute", "ź"),
    ("zcaron", "ž"), ("zdot", "ż"), ("zwj", "\u{200d}"), ("zwnj", "\u{200c}"),
];
