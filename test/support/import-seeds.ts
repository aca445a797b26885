/** One small source in order for every reader; what the fuzzing mutates. */
export interface ImportSeed {
  readonly reader: string
  readonly files: Readonly<Record<string, string | Uint8Array>>
}

const times = (count: number, row: (at: number) => string) => Array.from({ length: count }, (_, at) => row(at)).join('')
const latin1 = (text: string) => Buffer.from(text, 'latin1')

export const importSeeds: readonly ImportSeed[] = [
  {
    reader: 'delimited',
    files: {
      'log.csv':
        'user,item,rating,time\n"Ann, B.",tea,4.5,1500000000\nbob,"the ""best"" café",1,1500000001\nBob,007,-2,1500000002\nü,9007199254740993,3,1500000003\n',
    },
  },
  {
    reader: 'delimited',
    files: { 'semi.txt': 'User-ID;song;score\r\n1;034545104X;4,5\r\n2;0155061224;1,0\r\n3;0155061224;2,5\r\n' },
  },
  { reader: 'delimited', files: { 'blank.txt': times(6, (at) => `${at} ${at + 100} ${(at % 5) + 1} ${1500000000 + at}\n`) } },
  {
    reader: 'movielens-100k',
    files: {
      'ml/u.data': '1\t1\t5\t881250949\n1\t2\t3\t881250950\n2\t1\t1\t881250951\n',
      'ml/u.item': latin1(
        '1|Toy Story (1995)|01-Jan-1995||http://x|0|1|1\n2|Misérables, Les|01-Jan-1998||x|1|0|0\n267|unknown||||1|0|0\n',
      ),
      'ml/u.genre': 'unknown|0\nAction|1\nComedy|2\n',
      'ml/u.user': '1|24|M|technician|85711\n2|53|F|other|94043\n',
    },
  },
  {
    reader: 'movielens-1m',
    files: {
      'movies.dat': latin1("1::Toy Story (1995)::Animation|Children's\n2::Café::Noir::Drama\n"),
      'users.dat': '1::F::1::10::48067\n2::M::56::16::70072\n',
      'ratings.dat': '1::2::5::978300760\n1::1::3.5::978300761\n2::1::0.5::978300762\n',
    },
  },
  {
    reader: 'movielens-csv',
    files: {
      'movies.csv': 'movieId,title,genres\n1,Toy Story (1995),Adventure|Animation\n2,"Net, The (1995)",(no genres listed)\n',
      'ratings.csv': 'userId,movieId,rating,timestamp\n1,2,4.0,964982703\n1,1,0.5,964981247\n7,2,4.5,964982224\n',
    },
  },
  {
    reader: 'book-crossing',
    files: {
      'BX-Book-Ratings.csv': latin1(
        '"User-ID";"ISBN";"Book-Rating"\r\n"276725";"034545104X";"0"\r\n"276726";"0155061224";"5"\r\n"276727";"0 \\"x\\" é";"10"\r\n',
      ),
      'BX-Books.csv': latin1(
        '"ISBN";"Book-Title";"Book-Author";"Year-Of-Publication"\r\n"034545104X";"Flesh \\"Tones\\" &amp; more";"M. J. Rosé";"2002"\r\n"0155061224";"Rites";"Judith";"0"\r\n',
      ),
    },
  },
  { reader: 'jester', files: { 'jester.csv': times(8, (at) => `4,${[-7.82, 99, 8.79 - at, 9.66, 99, -10].join(',')}\n`) } },
  {
    reader: 'taobao',
    files: {
      'UserBehavior.csv':
        '1,2268318,2520377,pv,1511544070\n1,2333346,2520771,cart,1511561733\n100,2268318,2520377,buy,1511572885\n100,2333346,2520771,fav,1511572886\n',
    },
  },
  {
    reader: 'retailrocket',
    files: {
      'events.csv':
        'timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,view,355908,\n1433224214164,992329,addtocart,248676,\n1433222276276,111016,transaction,355908,4000\n',
      'item_properties_part1.csv':
        'timestamp,itemid,property,value\n1435460400000,355908,categoryid,1338\n1435460400000,355908,888,n5 7\n',
      'category_tree.csv': 'categoryid,parentid\n1338,1278\n1278,\n',
    },
  },
  {
    reader: 'kuairand',
    files: {
      'log_standard_4_08.csv':
        'user_id,video_id,date,hourmin,time_ms,is_click,is_like,is_follow,is_hate,long_view,play_time_ms,tab\n0,10,20220408,1900,1649415600123,0,0,0,0,0,0,1\n0,11,20220408,1900,1649415601123,1,0,0,0,1,1200,0\n1,10,20220408,1900,1649415602123,1,1,1,1,1,99,1\n',
      'video_features_basic.csv': 'video_id,author_id,tag\n10,1,39\n11,2,"1,6"\n',
    },
  },
  {
    reader: 'kuairec',
    files: {
      'big_matrix.csv':
        'user_id,video_id,play_duration,video_duration,time,date,timestamp,watch_ratio\n14,148,5000,10000,2020-07-05 05:27:48.378,20200705.0,1593898068.378,0.72210344\n14,183,1,2,2020-07-05 05:27:48,20200705.0,1593898071.0,1.9\n19,148,1,2,2020-07-05 05:27:49,20200705.0,1593898072.5,573.4\n',
      'item_categories.csv': 'video_id,feat\n148,[8]\n183,"[27, 9]"\n',
    },
  },
  {
    reader: 'amazon-json',
    files: {
      'reviews.json':
        '{"reviewerID": "A2IBPI20UZIR0U", "asin": "1384719342", "reviewerName": "c \\"t\\" \\u00e9", "helpful": [0, 0], "reviewText": "Not much", "overall": 5.0, "unixReviewTime": 1393545600}\n{"reviewerID": "A14VAT5EAX3D9S", "asin": "B00004Y2UT", "overall": 2, "unixReviewTime": 1363392000}\n{"overall": 1.0, "asin": "1384719342", "reviewerID": "A14VAT5EAX3D9S", "style": {"Size:": " 5"}, "unixReviewTime": 1363392001}\n',
      'meta_reviews.json': '{"asin": "1384719342", "title": "Cable", "categories": [["Music", "Cables"]]}\n',
    },
  },
  {
    reader: 'amazon-csv',
    files: {
      'ratings.csv':
        'A2IBPI20UZIR0U,1384719342,5.0,1393545600\nA14VAT5EAX3D9S,B00004Y2UT,2.0,1363392000\nAKM1MP6P0OYPR,B00004Y2UT,4.0,1363392001\n',
    },
  },
  {
    reader: 'recbole',
    files: {
      'ml.inter':
        'user_id:token\titem_id:token\trating:float\ttimestamp:float\n196\t242\t3\t881250949\n186\t302\t3.5\t891717742\n"x\t007\t1\t878887116\n',
      'ml.item':
        'item_id:token\tmovie_title:token_seq\trelease_year:token\tclass:token_seq\n242\tKolya\t1996\tComedy Drama\n9\t\t\t\n',
      'ml.user': 'user_id:token\tage:float\tzip_code:token\n196\t49\t01002\n',
    },
  },
  {
    reader: 'palate-csv',
    files: {
      'palate-dataset.json': JSON.stringify({
        palateDataset: 1,
        name: 'mini',
        format: 'csv',
        timeKind: 'unix-seconds',
        scale: { min: 1, max: 5, positiveFrom: 4, negativeTo: 2 },
        users: 2,
        items: 2,
        ratings: 3,
        files: { ratings: 'ratings.csv', items: 'items.csv', users: 'users.csv' },
        userAttributes: [{ name: 'age', kind: 'number', optional: true }],
        apostrophes: false,
      }),
      'ratings.csv': 'user,item,rating,time\r\nann,tea,4,1500000000\r\n"b ""b""",tea,2.5,1500000001\r\nann,007,1,1500000002\r\n',
      'items.csv': 'item,title,year,genres\r\ntea,Green tea,1990,hot|green\r\n007,,,\r\n',
      'users.csv': 'user,age\r\nann,30\r\n"b ""b""",\r\n',
    },
  },
]
