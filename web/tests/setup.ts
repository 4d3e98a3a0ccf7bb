import 'fake-indexeddb/auto';
import { speak, textsOf } from '../src/i18n';

speak('en', await textsOf('en'));
